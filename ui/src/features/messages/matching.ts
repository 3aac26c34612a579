/** Finding conversations by a few letters of what is in them. */
import type { MessageList, MessageView, ThreadView } from '../../generated/rpc';
import type { Locale } from '../../i18n/locale';
import { folded } from '../../shared/folded';
import { textOf, threadName } from './origin';

/** The words that are looked for. */
export function wordsOf(filter: string): readonly string[] {
  return folded(filter).split(/\s+/u).filter(Boolean);
}

/** The conversations where every word stands somewhere; all of them if there is none. */
export function matching(
  list: MessageList,
  words: readonly string[],
  locale: Locale,
): readonly ThreadView[] {
  if (words.length === 0) {
    return list.threads;
  }
  return list.threads.filter((thread) => {
    const parts = thread.messages.flatMap((message) => [message.author, textOf(message)]);
    const hay = folded([threadName(thread, list, locale), ...parts].join('\n'));
    return words.every((word) => hay.includes(word));
  });
}

/** Whether one of the words stands in a message. */
export function isHit(message: MessageView, words: readonly string[]): boolean {
  const hay = words.length === 0 ? '' : folded(`${message.author}\n${textOf(message)}`);
  return words.some((word) => hay.includes(word));
}

/** A text in parts, those at odd places being what was looked for. */
export function parted(text: string, words: readonly string[]): string[] {
  const letters = [...text.normalize('NFC')];
  const hit = letters.map(() => false);
  // Some letters are none or several when folded, so each remembers where it came from.
  const from = letters.flatMap((letter, at) =>
    folded(letter)
      .split('')
      .map(() => at),
  );
  const hay = letters.map(folded).join('');
  for (const word of words) {
    for (let at = hay.indexOf(word); at >= 0; at = hay.indexOf(word, at + 1)) {
      for (let letter = at; letter < at + word.length; letter += 1) {
        hit[from[letter] ?? -1] = true;
      }
    }
  }
  const parts = [''];
  letters.forEach((letter, at) => {
    if (hit[at] !== (parts.length % 2 === 0)) {
      parts.push('');
    }
    parts[parts.length - 1] += letter;
  });
  return parts;
}
