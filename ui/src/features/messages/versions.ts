import type { DraftVersion } from '../../generated/rpc';
import { dateAndTime, dateAndTimeToSecond } from '../../i18n/format';
import type { Locale } from '../../i18n/locale';

/**
 * The earlier texts worth showing, newest first. Bringing one back and throwing it away again leaves
 * the same text several times in a row: the newest of them stands for all. What stands in the field
 * is no earlier text.
 */
export function withoutRepeats(versions: readonly DraftVersion[], current: string): DraftVersion[] {
  return versions.filter(({ text }, index) => text !== (versions[index - 1]?.text ?? current));
}

/** When each was written, to the second where two were written in the same minute. */
export function versionTimes(versions: readonly DraftVersion[], locale: Locale): string[] {
  const minutes = versions.map(({ saved_at }) => dateAndTime(saved_at, locale));
  return versions.map(({ saved_at }, index) => {
    const minute = minutes[index] ?? '';
    const isShared = minutes.indexOf(minute) !== minutes.lastIndexOf(minute);
    return isShared ? dateAndTimeToSecond(saved_at, locale) : minute;
  });
}
