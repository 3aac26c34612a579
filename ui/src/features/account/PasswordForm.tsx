import { useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import type { PasswordFault } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { SecretField } from '../../shared/components/SecretField';
import { useToast } from '../../shared/components/Toasts';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Account.module.css';

/** The rules' numbers, as the core has them. */
const SHORTEST = 12;
const LONGEST = 200;

const FAULT_WORDS: Record<PasswordFault, () => string> = {
  too_short: () => m.password_too_short({ min: SHORTEST }),
  too_long: () => m.password_too_long({ max: LONGEST }),
  user_name: () => m.password_user_name(),
  well_known: () => m.password_well_known(),
};

type Errors = { current?: (() => string) | undefined; next?: (() => string) | undefined };

/** Another password for whoever knows the one that holds. What was typed stays until it has changed. */
export function PasswordForm({ userName }: { userName: string }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [errors, setErrors] = useState<Errors>({});
  const currentField = useRef<HTMLInputElement>(null);
  const nextField = useRef<HTMLInputElement>(null);
  const check = useWrite('account.password_fault');
  const change = useWrite('account.change_password');
  const toast = useToast();
  const isPending = check.isPending || change.isPending;

  function edited(): void {
    setErrors({});
    if (change.isError) {
      change.reset();
    }
  }

  function show(found: Errors): void {
    setErrors(found);
    (found.current ? currentField : nextField).current?.focus();
  }

  async function submit(): Promise<void> {
    if (isPending) {
      return;
    }
    if (change.isError) {
      change.reset();
    }
    const missing = current === '' ? () => m.password_need_current() : undefined;
    const fault = await check
      .mutateAsync({ user_name: userName, password: next })
      // The server asks by the same rules.
      .catch(() => null);
    const wrong = fault === null ? undefined : FAULT_WORDS[fault];
    if (missing !== undefined || wrong !== undefined) {
      show({ current: missing, next: wrong });
      return;
    }
    change.mutate(
      { current, new: next },
      {
        onSuccess: () => {
          setCurrent('');
          setNext('');
          toast({ text: () => m.password_changed() });
        },
        onError: ({ code }) => {
          if (code === 'wrong_password') {
            show({ current: () => m.fault_wrong_password() });
            currentField.current?.select();
          } else if (code === 'password_unfit') {
            nextField.current?.focus();
          }
        },
      },
    );
  }

  const fault = change.error?.code === 'wrong_password' ? null : change.error;
  return (
    <Form
      className={styles.form ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {/* So that a password manager knows whose password this is. */}
      <input type="hidden" name="username" autoComplete="username" value={userName} readOnly />
      <SecretField
        ref={currentField}
        label={m.password_current()}
        error={errors.current?.() ?? null}
        value={current}
        onChange={(value) => {
          setCurrent(value);
          edited();
        }}
        name="current-password"
        autoComplete="current-password"
        showLabel={m.password_show()}
        hideLabel={m.password_hide()}
        testId="current-password"
      />
      <div className={styles.rules}>
        <p>{m.password_rules()}</p>
        <ul>
          <li>{m.password_rule_length({ min: SHORTEST, max: LONGEST })}</li>
          <li>{m.password_rule_name()}</li>
          <li>{m.password_rule_known()}</li>
        </ul>
      </div>
      <SecretField
        ref={nextField}
        label={m.password_new()}
        hint={m.password_new_hint()}
        error={errors.next?.() ?? (fault?.code === 'password_unfit' ? '' : null)}
        value={next}
        onChange={(value) => {
          setNext(value);
          edited();
        }}
        name="new-password"
        autoComplete="new-password"
        showLabel={m.password_show()}
        hideLabel={m.password_hide()}
        testId="new-password"
      />
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
      <div className={styles.actions}>
        <Button type="submit" look="primary" isPending={isPending} data-testid="change-password">
          {isPending ? m.password_changing() : m.password_change()}
        </Button>
      </div>
    </Form>
  );
}
