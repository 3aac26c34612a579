import { lazy, type RefObject, Suspense, useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import type { Code, SessionView, SignIn } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import type { RpcFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { LineField } from '../../shared/components/LineField';
import { Notice } from '../../shared/components/Notice';
import { SecretField } from '../../shared/components/SecretField';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useRead, useWrite } from '../../shared/rpc/queries';
import { KeyringNote } from './KeyringNote';
import styles from './Session.module.css';
import {
  checkSignIn,
  FIELD_ORDER,
  type FieldErrors,
  type Purpose,
  refusedField,
  type SignInField,
} from './sign-in-fields';
import { wordTexts } from './word';

/** Fetched when it is asked for: few ever do. */
const ForgottenPasswordDialog = lazy(async () => ({
  default: (await import('./ForgottenPasswordDialog')).ForgottenPasswordDialog,
}));

type SignInFormProps = {
  purpose: Purpose;
  values: SignIn;
  /** What the step after this one came to, when the person is back here because of it. */
  refusal: RpcFault | null;
  onForgetRefusal: () => void;
  onChange: (field: SignInField, value: string) => void;
  /** What the core says after user name and password: mostly that it waits for a code. */
  onAnswer: (session: SessionView) => void;
  /** Where there is something to go back to. */
  onCancel?: () => void;
};

/** The first step: who the person is, and how the program is to be unlocked on this computer. */
export function SignInForm({
  purpose,
  values,
  refusal,
  onForgetRefusal,
  onChange,
  onAnswer,
  onCancel,
}: SignInFormProps) {
  const [errors, setErrors] = useState<FieldErrors>({});
  const [forgotten, setForgotten] = useState(false);
  const fields = useFieldRefs();
  const signIn = useWrite('session.sign_in');
  const choice = useKeyringChoice(purpose, values.keyring);
  const texts = wordTexts(choice.keyring);

  function change(field: SignInField, value: string): void {
    onChange(field, value);
    setErrors(({ [field]: _fixed, ...rest }) => rest);
    onForgetRefusal();
    if (signIn.isError) {
      signIn.reset();
    }
  }

  function submit(): void {
    if (signIn.isPending) {
      return;
    }
    onForgetRefusal();
    const asked = { ...values, keyring: choice.keyring };
    const found = checkSignIn(asked, purpose);
    setErrors(found);
    const first = FIELD_ORDER.find((field) => found[field] !== undefined);
    if (first !== undefined) {
      fields[first].current?.focus();
      return;
    }
    signIn.mutate(
      { ...asked, server: values.server.trim(), user_name: values.user_name.trim() },
      {
        onSuccess: onAnswer,
        onError: (fault) => {
          if (lacksKeyring(fault.code)) {
            // a passphrase is asked for now, and a PIN is none
            onChange('passphrase', '');
            fields.passphrase.current?.focus();
          }
          const field = refusedField(fault.code);
          if (field !== undefined) {
            fields[field].current?.focus();
          }
        },
      },
    );
  }

  function askForLink(): void {
    // The link comes from the server, so its address is needed first.
    if (values.server.trim() === '') {
      setErrors({ server: () => m.signin_need_server() });
      fields.server.current?.focus();
      return;
    }
    setForgotten(true);
  }

  // At the first sign-in there is nothing yet that needs the keyring: there are two ways on.
  function lacksKeyring(code: Code): boolean {
    const isSilent = code === 'keyring_locked' || code === 'keyring_unavailable';
    return purpose === 'first' && isSilent;
  }

  const fault = signIn.error ?? refusal;
  const refused = refusedField(fault?.code);
  const asksWho = values.user_name === '' || refused === 'user_name';
  // The words about a refusal stand in the alert below; the field is only marked.
  const errorOf = (field: SignInField) => errors[field]?.() ?? (refused === field ? '' : null);
  const again = purpose === 'again';
  return (
    <>
      <Form
        className={styles.form ?? ''}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <LineField
          ref={fields.server}
          label={m.signin_server()}
          {...(purpose === 'first' ? { hint: m.signin_server_hint() } : {})}
          error={errorOf('server')}
          value={values.server}
          onChange={(value) => change('server', value)}
          name="server"
          autoComplete="url"
          testId="server"
          readOnly={purpose !== 'first'}
        />
        <LineField
          ref={fields.user_name}
          label={m.signin_user()}
          error={errorOf('user_name')}
          value={values.user_name}
          onChange={(value) => change('user_name', value)}
          name="username"
          autoComplete="username"
          autoFocus={asksWho}
          testId="user-name"
        />
        <SecretField
          ref={fields.password}
          label={m.signin_password()}
          error={errorOf('password')}
          value={values.password}
          onChange={(value) => change('password', value)}
          name="password"
          autoComplete="current-password"
          showLabel={m.password_show()}
          hideLabel={m.password_hide()}
          autoFocus={!asksWho}
          testId="password"
        />
        <div>
          <Button look="quiet" size="small" onPress={askForLink} data-testid="forgotten">
            {m.forgotten_link()}
          </Button>
        </div>
        {!again && (
          <>
            <hr className={styles.split} />
            <SecretField
              ref={fields.passphrase}
              label={texts.newLabel()}
              hint={texts.newHint()}
              error={errorOf('passphrase')}
              value={values.passphrase}
              onChange={(value) => change('passphrase', value)}
              name="passphrase"
              autoComplete="new-password"
              showLabel={texts.show()}
              hideLabel={texts.hide()}
              testId="passphrase"
            />
            {choice.state !== undefined && (
              <KeyringNote
                state={choice.state}
                passphrase={!choice.keyring}
                onPassphrase={() => {
                  choice.choose(false);
                  // What still waits for the keyring comes to nothing in the core.
                  signIn.reset();
                }}
                onKeyring={() => choice.choose(null)}
              />
            )}
          </>
        )}
        {fault !== null && (
          <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>
            {lacksKeyring(fault.code) ? m.signin_without_keyring() : faultText(fault)}
          </Notice>
        )}
        <div className={styles.actions}>
          <Button type="submit" look="primary" isPending={signIn.isPending} data-testid="sign-in">
            {signIn.isPending ? m.signin_pending() : m.signin_submit()}
          </Button>
          {onCancel !== undefined && <Button onPress={onCancel}>{m.signin_cancel()}</Button>}
        </div>
      </Form>
      {/* Beside the form: what is submitted in the dialog is not this one. */}
      {forgotten && (
        <Suspense>
          <ForgottenPasswordDialog
            server={values.server}
            userName={values.user_name}
            onClose={() => setForgotten(false)}
          />
        </Suspense>
      )}
    </>
  );
}

/**
 * Whether a PIN is chosen or a passphrase: at the first sign-in by the keyring's state, unless the person
 * has chosen; later by what the replica has.
 */
function useKeyringChoice(purpose: Purpose, given: boolean) {
  const [chosen, choose] = useState<boolean | null>(null);
  const { data } = useRead('session.keyring', {});
  const first = purpose === 'first';
  const answers = data !== 'locked' && data !== 'unavailable';
  return {
    state: first ? data : undefined,
    keyring: first ? (chosen ?? answers) : given,
    choose,
  };
}

function useFieldRefs(): Record<SignInField, RefObject<HTMLInputElement | null>> {
  return {
    server: useRef(null),
    user_name: useRef(null),
    password: useRef(null),
    passphrase: useRef(null),
  };
}
