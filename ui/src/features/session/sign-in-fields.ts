/** What the sign-in form holds, and what must be right before the core is asked. */
import type { Code, SignIn } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { FAULTS, type FaultField } from '../../shared/errors/faults';
import { checkNewWord } from './word';

/** The core's own demo server on this computer; an installed program gets its address from people. */
export const DEFAULT_SERVER = 'http://127.0.0.1:8790';

export type SignInField = Exclude<FaultField, 'code'>;
export type FieldErrors = Partial<Record<SignInField, () => string>>;

/** The order on screen: the first one that is wrong gets the focus. */
export const FIELD_ORDER: readonly SignInField[] = [
  'server',
  'user_name',
  'password',
  'passphrase',
];

/** The field of the first step that a refusal is about. */
export function refusedField(code: Code | undefined): SignInField | undefined {
  const field = code === undefined ? undefined : FAULTS[code]?.field;
  return field === 'code' ? undefined : field;
}

/**
 * `again` while the program is open: same server, and the passphrase is not looked at. `forgotten` while it
 * is locked: same server, and a new PIN or passphrase.
 */
export type Purpose = 'first' | 'again' | 'forgotten';

/** What is missing or too short. Messages are functions, so that they follow the language. */
export function checkSignIn(values: SignIn, purpose: Purpose): FieldErrors {
  const errors: FieldErrors = {};
  if (values.server.trim() === '') {
    errors.server = () => m.signin_need_server();
  }
  if (values.user_name.trim() === '') {
    errors.user_name = () => m.signin_need_user();
  }
  if (values.password === '') {
    errors.password = () => m.signin_need_password();
  }
  if (purpose === 'again') {
    return errors;
  }
  const word = checkNewWord(values.passphrase, values.keyring);
  if (word !== undefined) {
    errors.passphrase = word;
  }
  return errors;
}
