import { useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import type { TotpView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { removeInvisible } from '../../shared/components/invisible';
import { LineField } from '../../shared/components/LineField';
import { Notice } from '../../shared/components/Notice';
import { useToast } from '../../shared/components/Toasts';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Account.module.css';
import { PasswordStep } from './PasswordStep';

/** Where the codes come from that are asked for beside the password. */
export function CodeApp({ isConnected }: { isConnected: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const [begun, setBegun] = useState<TotpView | null>(null);
  const title = useRef<HTMLParagraphElement>(null);

  function close(): void {
    setOpen(false);
    setBegun(null);
    title.current?.focus();
  }

  return (
    <>
      <p className={styles.lead} ref={title} tabIndex={-1} data-testid="factor">
        {isConnected ? m.factor_totp() : m.factor_sms()}
      </p>
      {!isOpen && (
        <div>
          <Button onPress={() => setOpen(true)} data-testid="factor-change">
            {isConnected ? m.factor_remove() : m.factor_connect()}
          </Button>
        </div>
      )}
      {isOpen && isConnected && begun === null && <Remove onDone={close} />}
      {isOpen && !isConnected && begun === null && <Begin onBegun={setBegun} onCancel={close} />}
      {isOpen && begun !== null && <Confirm begun={begun} onDone={close} />}
    </>
  );
}

type BeginProps = { onBegun: (begun: TotpView) => void; onCancel: () => void };

function Begin({ onBegun, onCancel }: BeginProps) {
  const begin = useWrite('account.totp_begin');
  return (
    <PasswordStep
      submit={m.factor_go_on()}
      isPending={begin.isPending}
      fault={begin.error}
      onForget={begin.reset}
      onSubmit={(password) => begin.mutate({ password }, { onSuccess: onBegun })}
      onCancel={onCancel}
      testId="factor-begin"
    />
  );
}

function Remove({ onDone }: { onDone: () => void }) {
  const remove = useWrite('account.totp_remove');
  const toast = useToast();
  return (
    <PasswordStep
      hint={m.factor_remove_hint()}
      codeLabel={m.factor_remove_code()}
      submit={m.factor_remove()}
      look="danger"
      isPending={remove.isPending}
      fault={remove.error}
      onForget={remove.reset}
      onSubmit={(password, code) =>
        remove.mutate(
          { password, code },
          {
            onSuccess: () => {
              toast({ text: () => m.factor_removed() });
              onDone();
            },
          },
        )
      }
      onCancel={onDone}
      testId="factor-remove"
    />
  );
}

/** What the app reads, and the code that shows that it has. */
function Confirm({ begun, onDone }: { begun: TotpView; onDone: () => void }) {
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const confirm = useWrite('account.totp_confirm');
  const toast = useToast();
  const wrong = confirm.error?.code === 'wrong_code';

  function send(): void {
    if (confirm.isPending) {
      return;
    }
    if (!/^[0-9]{6}$/.test(code)) {
      setMissing(true);
      field.current?.focus();
      return;
    }
    confirm.mutate(
      { code },
      {
        onSuccess: () => {
          toast({ text: () => m.factor_connected() });
          onDone();
        },
        onError: () => field.current?.select(),
      },
    );
  }

  return (
    <Form
      className={styles.form ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p className={styles.lead}>{m.factor_scan()}</p>
      <Picture rows={begun.picture} />
      <div>
        <p className={styles.keyLabel}>{m.factor_key()}</p>
        <code className={styles.key} data-testid="factor-key">
          {begun.secret}
        </code>
        <p className={styles.meta}>{m.factor_key_hint()}</p>
      </div>
      <LineField
        ref={field}
        autoFocus
        label={m.factor_code()}
        hint={m.code_hint()}
        error={missing ? m.code_need_totp() : wrong ? m.factor_wrong_code() : null}
        announceError
        value={code}
        onChange={(text) => {
          setCode(removeInvisible(text).replace(/\s/g, ''));
          setMissing(false);
          confirm.reset();
        }}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        testId="factor-code"
      />
      {confirm.error !== null && !wrong && (
        <Notice severity={FAULTS[confirm.error.code]?.severity ?? 'error'}>
          {faultText(confirm.error)}
        </Notice>
      )}
      <div className={styles.actions}>
        <Button
          type="submit"
          look="primary"
          isPending={confirm.isPending}
          data-testid="factor-confirm"
        >
          {m.factor_confirm()}
        </Button>
        <Button onPress={onDone}>{m.signin_cancel()}</Button>
      </div>
    </Form>
  );
}

/** Dark on light whatever the theme: apps read nothing else. Four light squares stand around it. */
function Picture({ rows }: { rows: string[] }) {
  const side = rows.length + 8;
  const squares = rows.flatMap((row, y) =>
    [...row].flatMap((dark, x) => (dark === '1' ? [`M${x + 4} ${y + 4}h1v1h-1z`] : [])),
  );
  return (
    <svg
      className={styles.picture}
      viewBox={`0 0 ${side} ${side}`}
      role="img"
      aria-label={m.factor_picture()}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={squares.join('')} fill="#000" />
    </svg>
  );
}
