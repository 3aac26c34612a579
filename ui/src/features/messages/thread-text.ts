import type { MessageList, ThreadView } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import type { Locale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { textOf, threadName } from './origin';

/** A whole conversation as plain text, oldest first, to be put somewhere else. */
export function threadText(thread: ThreadView, list: MessageList, locale: Locale): string {
  const messages = [...thread.messages].reverse().map((message) => {
    const author = message.mine ? m.message_mine() : message.author;
    return `${author}, ${dateAndTime(message.at, locale)}\n${textOf(message)}`;
  });
  return [threadName(thread, list, locale), ...messages].join('\n\n');
}
