/** Finding conversations by a few letters of what is in them. */
import type { MessageList, ThreadView } from '../../generated/rpc';
import type { Locale } from '../../i18n/locale';
import { typeName } from './places';

/** The conversations where every word of `filter` stands somewhere; all of them for an empty one. */
export function matching(list: MessageList, filter: string, locale: Locale): readonly ThreadView[] {
  const words = folded(filter).split(/\s+/u).filter(Boolean);
  if (words.length === 0) {
    return list.threads;
  }
  return list.threads.filter((thread) => {
    const parts = thread.messages.flatMap((message) => [message.author, message.text]);
    const hay = folded([typeName(list, thread.message_type, locale), ...parts].join('\n'));
    return words.every((word) => hay.includes(word));
  });
}

/** "ars" finds "Årsrapport": letters without their marks, small. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase('sv');
}
