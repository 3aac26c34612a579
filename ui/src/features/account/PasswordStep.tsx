import { useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import { m } from '../../i18n/paraglide/messages.js';
import type { RpcFault } from '../../platform';
import { Button, type ButtonLook } from '../../shared/components/Button';
import { LineField } from '../../shared/components/LineField';
import { Notice } from '../../shared/components/Notice';
import { SecretField } from '../../shared/components/SecretField';
import { FAULTS, faultText } from '../../shared/errors/faults';
import styles from './Account.module.css';

type PasswordStepProps = {
  hint?: string;
  /** Whether a code is asked for beside the password, and what it is called. */
  codeLabel?: string;
  submit: string;
  look?: ButtonLook;
  isPending: boolean;
  fault: RpcFault | null;
  onForget: () => void;
  onSubmit: (password: string, code: string) => void;
  onCancel: () => void;
  testId: string;
};

/** A change that takes the password, since somebody may have found the program open. */
export function PasswordStep({
  hint,
  codeLabel,
  submit,
  look = 'primary',
  isPending,
  fault,
  onForget,
  onSubmit,
  onCancel,
  testId,
}: PasswordStepProps) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState<'password' | 'code' | null>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const codeField = useRef<HTMLInputElement>(null);

  function send(): void {
    if (isPending) {
      return;
    }
    if (password === '') {
      setMissing('password');
      passwordField.current?.focus();
    } else if (codeLabel !== undefined && code === '') {
      setMissing('code');
      codeField.current?.focus();
    } else {
      onSubmit(password, code);
    }
  }

  function edited(): void {
    setMissing(null);
    onForget();
  }

  const wrongPassword = fault?.code === 'wrong_password';
  const wrongCode = fault?.code === 'wrong_code';
  return (
    <Form
      className={styles.form ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {hint !== undefined && <p className={styles.lead}>{hint}</p>}
      <SecretField
        ref={passwordField}
        autoFocus
        label={m.factor_password()}
        error={
          missing === 'password'
            ? m.factor_need_password()
            : wrongPassword
              ? m.fault_wrong_password()
              : null
        }
        value={password}
        onChange={(value) => {
          setPassword(value);
          edited();
        }}
        name="current-password"
        autoComplete="current-password"
        showLabel={m.password_show()}
        hideLabel={m.password_hide()}
        testId={`${testId}-password`}
      />
      {codeLabel !== undefined && (
        <LineField
          ref={codeField}
          label={codeLabel}
          error={missing === 'code' ? m.code_need_totp() : wrongCode ? m.factor_wrong_code() : null}
          announceError
          value={code}
          onChange={(value) => {
            setCode(value);
            edited();
          }}
          name="code"
          autoComplete="one-time-code"
          testId={`${testId}-code`}
        />
      )}
      {fault !== null && !wrongPassword && !wrongCode && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
      <div className={styles.actions}>
        <Button type="submit" look={look} isPending={isPending} data-testid={testId}>
          {submit}
        </Button>
        <Button onPress={onCancel}>{m.signin_cancel()}</Button>
      </div>
    </Form>
  );
}
