/** The words for what unlocks the program: a PIN where there is a keyring, else a passphrase. */
import { m } from '../../i18n/paraglide/messages.js';

/** Fewest characters, as the core has them. */
const SHORTEST_PIN = 6;
const SHORTEST_PASSPHRASE = 8;

/** Tries are shown when so few are left. */
const FEW_TRIES = 5;

export type WordTexts = {
  min: number;
  label: () => string;
  newLabel: () => string;
  newHint: () => string;
  need: () => string;
  needNew: () => string;
  tooShort: (length: number) => string;
  show: () => string;
  hide: () => string;
  forgot: () => string;
  newTitle: () => string;
  noTries: () => string;
  change: () => string;
  currentLabel: () => string;
  changed: () => string;
};

const PIN: WordTexts = {
  min: SHORTEST_PIN,
  label: () => m.pin_label(),
  newLabel: () => m.pin_new(),
  newHint: () => m.pin_new_hint(),
  need: () => m.pin_need(),
  needNew: () => m.pin_need_new(),
  tooShort: (length) => m.pin_short({ length, min: SHORTEST_PIN }),
  show: () => m.pin_show(),
  hide: () => m.pin_hide(),
  forgot: () => m.pin_forgot(),
  newTitle: () => m.pin_new_title(),
  noTries: () => m.pin_no_tries(),
  change: () => m.pin_change(),
  currentLabel: () => m.pin_current(),
  changed: () => m.pin_changed(),
};

const PASSPHRASE: WordTexts = {
  min: SHORTEST_PASSPHRASE,
  label: () => m.unlock_passphrase(),
  newLabel: () => m.signin_passphrase(),
  newHint: () => m.signin_passphrase_hint(),
  need: () => m.unlock_need_passphrase(),
  needNew: () => m.signin_need_passphrase(),
  tooShort: (length) => m.signin_passphrase_short({ length, min: SHORTEST_PASSPHRASE }),
  show: () => m.passphrase_show(),
  hide: () => m.passphrase_hide(),
  forgot: () => m.passphrase_forgot(),
  newTitle: () => m.passphrase_new_title(),
  noTries: () => m.passphrase_no_tries(),
  change: () => m.passphrase_change(),
  currentLabel: () => m.passphrase_current(),
  changed: () => m.passphrase_changed(),
};

export function wordTexts(keyring: boolean): WordTexts {
  return keyring ? PIN : PASSPHRASE;
}

/** What is missing or too short in a new PIN or passphrase, as a function, so that it follows the language. */
export function checkNewWord(word: string, keyring: boolean): (() => string) | undefined {
  const texts = wordTexts(keyring);
  const { length } = [...word];
  if (length === 0) {
    return texts.needNew;
  }
  return length < texts.min ? () => texts.tooShort(length) : undefined;
}

/** "3 försök kvar.", or nothing while there are many. */
export function triesLeftText(left: number): string | null {
  return left <= FEW_TRIES ? m.unlock_tries_left({ count: left }) : null;
}
