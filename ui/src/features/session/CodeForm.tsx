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

/** The code that a sign-in waits for. */
export type CodeAsked = Extract<SessionView, { state: 'code_needed' }>;

type CodeFormProps = {
  /** Where the code comes from, and which telephone is meant. */
  asked: CodeAsked;
  onAnswer: (session: SessionView) => void;
  onBack: (session: SessionView) => void;
  /** The sign-in came to an end: the code was right, and opens nothing here. */
  onEnded: (fault: RpcFault) => void;
};

const SIX_DIGITS = /^[0-9]{6}$/;
/** A recovery code, without its hyphens; the core reads the digits that look like letters as such. */
const RECOVERY = /^[a-z0-9]{16}$/i;

/** The second step: the code that came by SMS, that an app shows, or that was kept for this day. */
export function CodeForm({ asked, onAnswer, onBack, onEnded }: CodeFormProps) {
  const [code, setCode] = useState('');
  const [recovers, setRecovers] = useState(false);
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
    if (!(recovers ? RECOVERY : SIX_DIGITS).test(code)) {
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

  /** The other sort of code: what was typed is none of it. */
  function turn(): void {
    forgetAnswers();
    setMissing(false);
    setCode('');
    setRecovers(!recovers);
    field.current?.focus();
  }

  function need(): string {
    if (recovers) {
      return m.code_need_recovery();
    }
    return asked.factor === 'totp' ? m.code_need_totp() : m.code_need();
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
        {recovers
          ? m.code_lead_recovery()
          : asked.factor === 'totp'
            ? m.code_lead_totp()
            : m.code_lead({ phone: asked.phone })}
      </p>
      <LineField
        ref={field}
        label={recovers ? m.code_label_recovery() : m.code_label()}
        hint={recovers ? m.code_hint_recovery() : m.code_hint()}
        error={missing ? need() : refused && confirm.error ? faultText(confirm.error) : null}
        announceError
        describedBy={lead}
        value={code}
        onChange={(text) => {
          // Codes are pasted as they stand in the message: "123 456".
          setCode(removeInvisible(text).replace(/[\s-]/g, ''));
          setMissing(false);
          forgetAnswers();
        }}
        name="code"
        {...(recovers ? {} : { inputMode: 'numeric' as const })}
        autoComplete={recovers ? 'off' : 'one-time-code'}
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
        {asked.factor === 'sms' && !recovers && (
          <Button
            look="quiet"
            isPending={again.isPending}
            onPress={sendAgain}
            data-testid="new-code"
          >
            {again.isPending ? m.code_again_pending() : m.code_again()}
          </Button>
        )}
        <Button look="quiet" onPress={turn} data-testid="recovery-code">
          {recovers ? m.code_use_usual() : m.code_use_recovery()}
        </Button>
      </div>
    </Form>
  );
}
