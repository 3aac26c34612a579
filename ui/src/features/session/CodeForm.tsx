import { useId, useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import type { SessionView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import type { RpcFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { removeInvisible } from '../../shared/components/invisible';
import { LineField } from '../../shared/components/LineField';
import { Notice } from '../../shared/components/Notice';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Session.module.css';

type CodeFormProps = {
  /** Where the code went, masked by the server. */
  phone: string;
  onAnswer: (session: SessionView) => void;
  onBack: (session: SessionView) => void;
  /** The sign-in came to an end: the code was right, and opens nothing here. */
  onEnded: (fault: RpcFault) => void;
};

const SIX_DIGITS = /^[0-9]{6}$/;

/** The second step: the code that came by SMS. */
export function CodeForm({ phone, onAnswer, onBack, onEnded }: CodeFormProps) {
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const lead = useId();
  const confirm = useWrite('session.code');
  const again = useWrite('session.code_again');
  const cancel = useWrite('session.sign_in_cancel');

  /** What the last act said is no longer about what is on screen. */
  function forgetAnswers(): void {
    for (const act of [confirm, again, cancel]) {
      if (!act.isIdle && !act.isPending) {
        act.reset();
      }
    }
  }

  function submit(): void {
    if (confirm.isPending || again.isPending) {
      return;
    }
    forgetAnswers();
    if (!SIX_DIGITS.test(code)) {
      setMissing(true);
      field.current?.focus();
      return;
    }
    confirm.mutate(
      { code },
      {
        onSuccess: onAnswer,
        onError: (fault) => {
          if (fault.code === 'other_person') {
            onEnded(fault);
          }
          if (FAULTS[fault.code]?.field === 'code') {
            field.current?.focus();
            field.current?.select();
          }
        },
      },
    );
  }

  function sendAgain(): void {
    if (confirm.isPending) {
      return;
    }
    forgetAnswers();
    setMissing(false);
    again.mutate(
      {},
      {
        onSuccess: (session) => {
          setCode('');
          onAnswer(session);
          field.current?.focus();
        },
      },
    );
  }

  const refused = confirm.error !== null && FAULTS[confirm.error.code]?.field === 'code';
  const fault = cancel.error ?? again.error ?? (refused ? null : confirm.error);
  return (
    <Form
      className={styles.form ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p id={lead} className={styles.lead}>
        {m.code_lead({ phone })}
      </p>
      <LineField
        ref={field}
        label={m.code_label()}
        hint={m.code_hint()}
        error={missing ? m.code_need() : refused && confirm.error ? faultText(confirm.error) : null}
        announceError
        describedBy={lead}
        value={code}
        onChange={(text) => {
          // Codes are pasted as they stand in the message: "123 456".
          setCode(removeInvisible(text).replace(/\s/g, ''));
          setMissing(false);
          forgetAnswers();
        }}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        testId="code"
        autoFocus
      />
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
      <p role="status" className={styles.said}>
        {again.isSuccess && m.code_again_done()}
      </p>
      <div className={styles.actions}>
        <Button
          type="submit"
          look="primary"
          isPending={confirm.isPending}
          data-testid="confirm-code"
        >
          {confirm.isPending ? m.signin_pending() : m.signin_submit()}
        </Button>
        <Button
          onPress={() => {
            forgetAnswers();
            cancel.mutate({}, { onSuccess: onBack });
          }}
          isPending={cancel.isPending}
          data-testid="cancel-code"
        >
          {m.signin_cancel()}
        </Button>
        <Button look="quiet" isPending={again.isPending} onPress={sendAgain} data-testid="new-code">
          {again.isPending ? m.code_again_pending() : m.code_again()}
        </Button>
      </div>
    </Form>
  );
}
