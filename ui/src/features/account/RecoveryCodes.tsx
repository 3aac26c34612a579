import { useCallback, useRef, useState } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import { useAskBeforeLeaving } from '../../shared/leaving';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Account.module.css';
import { PasswordStep } from './PasswordStep';

/** Codes for the day on which the telephone is not at hand. They are shown once. */
export function RecoveryCodes({ left }: { left: number | null }) {
  const [isOpen, setOpen] = useState(false);
  const [codes, setCodes] = useState<string[] | null>(null);
  const make = useWrite('account.recovery_codes');
  const title = useRef<HTMLHeadingElement>(null);

  function close(): void {
    setOpen(false);
    setCodes(null);
    make.reset();
    title.current?.focus();
  }

  return (
    <>
      <h3 className={styles.subtitle} ref={title} tabIndex={-1}>
        {m.recovery_title()}
      </h3>
      <p className={styles.lead}>
        {m.recovery_lead()}{' '}
        <span data-testid="recovery-left">
          {left === null ? m.recovery_none() : m.recovery_left({ count: left })}
        </span>
      </p>
      {!isOpen && (
        <div>
          <Button onPress={() => setOpen(true)} data-testid="recovery-open">
            {left === null ? m.recovery_make() : m.recovery_make_anew()}
          </Button>
        </div>
      )}
      {isOpen && codes === null && (
        <PasswordStep
          {...(left === null ? {} : { hint: m.recovery_anew_hint() })}
          submit={left === null ? m.recovery_make() : m.recovery_make_anew()}
          isPending={make.isPending}
          fault={make.error}
          onForget={make.reset}
          onSubmit={(password) =>
            make.mutate({ password }, { onSuccess: (made) => setCodes(made.codes) })
          }
          onCancel={close}
          testId="recovery-make"
        />
      )}
      {codes !== null && <Codes codes={codes} onDone={close} />}
    </>
  );
}

function Codes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const save = useWrite('account.recovery_save');
  const toast = useToast();
  const [isKept, setKept] = useState(false);
  const [leave, setLeave] = useState<(() => void) | null>(null);
  const ask = useCallback((then: () => void) => setLeave(() => then), []);
  useAskBeforeLeaving(isKept ? null : ask);
  const text = [m.recovery_file_title(), m.recovery_file_hint(), '', ...codes, ''].join('\n');
  return (
    <div className={styles.form}>
      <p className={styles.lead} role="status">
        {m.recovery_shown()}
      </p>
      <ol className={styles.codes} aria-label={m.recovery_title()} data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className={styles.actions}>
        <Button
          isPending={save.isPending}
          onPress={() =>
            save.mutate(
              { text },
              {
                onSuccess: ({ saved }) => {
                  if (saved) {
                    setKept(true);
                    toast({ text: () => m.recovery_saved() });
                  }
                },
                onError: (fault) => toast({ text: () => faultText(fault) }),
              },
            )
          }
          data-testid="recovery-save"
        >
          {m.recovery_save()}
        </Button>
        <Button look="primary" onPress={onDone} data-testid="recovery-done">
          {m.recovery_done()}
        </Button>
      </div>
      {leave !== null && (
        <Dialog
          isOpen
          onClose={() => setLeave(null)}
          title={m.recovery_leave_title()}
          role="alertdialog"
          actions={
            <>
              <Button
                look="danger"
                onPress={() => {
                  setLeave(null);
                  leave();
                }}
                data-testid="recovery-leave"
              >
                {m.recovery_leave()}
              </Button>
              <Button look="primary" autoFocus onPress={() => setLeave(null)}>
                {m.recovery_leave_back()}
              </Button>
            </>
          }
        >
          <p>{m.recovery_leave_text()}</p>
        </Dialog>
      )}
    </div>
  );
}
