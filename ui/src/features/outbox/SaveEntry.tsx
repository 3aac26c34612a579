import type { OutboxEntry } from '../../generated/rpc';
import { plainDate } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { usePlatform } from '../../shared/rpc/platform-context';
import { copyOf } from './copy-of';
import { SaveCopy } from './SaveCopy';
import { steps } from './steps';

type SaveEntryProps = {
  entry: OutboxEntry;
  /** What the entry is, in words. */
  kind: string;
};

export function SaveEntry({ entry, kind }: SaveEntryProps) {
  const { locale } = useLocale();
  const platform = usePlatform();
  const { command, subject, written_at, text } = entry;
  const number = entry.number ?? '';
  const times = steps(entry, locale).map((step) => step.text);
  const copy = copyOf({ kind, subject, number, day: plainDate(written_at), times, text });
  return (
    <SaveCopy
      label={m.outbox_save_label({ kind, subject })}
      save={() => platform.call('outbox.save', { command, ...copy })}
      testId="save-entry"
    />
  );
}
