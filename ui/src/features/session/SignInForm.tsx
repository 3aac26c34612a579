import { type RefObject, useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import type { SessionView, SignIn } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { LineField } from '../../shared/components/LineField';
import { Notice } from '../../shared/components/Notice';
import { SecretField } from '../../shared/components/SecretField';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Session.module.css';
import {
  checkSignIn,
  FIELD_ORDER,
  type FieldErrors,
  type Purpose,
  refusedField,
  type SignInField,
} from './sign-in-fields';

type SignInFormProps = {
  purpose: Purpose;
  values: SignIn;
  onChange: (field: SignInField, value: string) => void;
  /** What the core says after user name and password: mostly that it waits for a code. */
  onAnswer: (session: SessionView) => void;
  /** Where there is something to go back to. */
  onCancel?: () => void;
};

/** The first step: who the person is, and how the program is to be unlocked on this computer. */
export function SignInForm({ purpose, values, onChange, onAnswer, onCancel }: SignInFormProps) {
  const [errors, setErrors] = useState<FieldErrors>({});
  const fields = useFieldRefs();
  const signIn = useWrite('session.sign_in');

  function change(field: SignInField, value: string): void {
    onChange(field, value);
    setErrors(({ [field]: _fixed, ...rest }) => rest);
    if (signIn.isError) {
      signIn.reset();
    }
  }

  function submit(): void {
    if (signIn.isPending) {
      return;
    }
    const found = checkSignIn(values, purpose);
    setErrors(found);
    const first = FIELD_ORDER.find((field) => found[field] !== undefined);
    if (first !== undefined) {
      fields[first].current?.focus();
      return;
    }
    signIn.mutate(
      { ...values, server: values.server.trim(), user_name: values.user_name.trim() },
      {
        onSuccess: onAnswer,
        onError: (fault) => {
          const field = refusedField(fault.code);
          if (field !== undefined) {
            fields[field].current?.focus();
          }
        },
      },
    );
  }

  const refused = refusedField(signIn.error?.code);
  // The words about a refusal stand in the alert below; the field is only marked.
  const errorOf = (field: SignInField) => errors[field]?.() ?? (refused === field ? '' : null);
  const again = purpose === 'again';
  return (
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
        {...(again ? {} : { hint: m.signin_server_hint() })}
        error={errorOf('server')}
        value={values.server}
        onChange={(value) => change('server', value)}
        name="server"
        type="url"
        autoComplete="url"
        testId="server"
        readOnly={again}
      />
      <LineField
        ref={fields.user_name}
        label={m.signin_user()}
        error={errorOf('user_name')}
        value={values.user_name}
        onChange={(value) => change('user_name', value)}
        name="username"
        autoComplete="username"
        autoFocus={values.user_name === ''}
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
        autoFocus={values.user_name !== ''}
        testId="password"
      />
      {!again && (
        <>
          <hr className={styles.split} />
          <SecretField
            ref={fields.passphrase}
            label={m.signin_passphrase()}
            hint={m.signin_passphrase_hint()}
            error={errorOf('passphrase')}
            value={values.passphrase}
            onChange={(value) => change('passphrase', value)}
            name="passphrase"
            autoComplete="new-password"
            showLabel={m.passphrase_show()}
            hideLabel={m.passphrase_hide()}
            testId="passphrase"
          />
        </>
      )}
      {signIn.error !== null && (
        <Notice severity={FAULTS[signIn.error.code]?.severity ?? 'error'}>
          {faultText(signIn.error)}
        </Notice>
      )}
      <div className={styles.actions}>
        <Button type="submit" look="primary" isPending={signIn.isPending} data-testid="sign-in">
          {signIn.isPending ? m.signin_pending() : m.signin_submit()}
        </Button>
        {onCancel !== undefined && <Button onPress={onCancel}>{m.signin_cancel()}</Button>}
      </div>
    </Form>
  );
}

function useFieldRefs(): Record<SignInField, RefObject<HTMLInputElement | null>> {
  return {
    server: useRef(null),
    user_name: useRef(null),
    password: useRef(null),
    passphrase: useRef(null),
  };
}
