import { useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { LineField } from '../../shared/components/LineField';
import { Notice } from '../../shared/components/Notice';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Session.module.css';

type ForgottenPasswordDialogProps = { server: string; userName: string; onClose: () => void };

/** Has a link mailed to choose another password by. Nobody is told whether there is such an account. */
export function ForgottenPasswordDialog({
  server,
  userName,
  onClose,
}: ForgottenPasswordDialogProps) {
  const [name, setName] = useState(userName);
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const ask = useWrite('session.forgotten');

  function submit(): void {
    if (ask.isPending) {
      return;
    }
    if (name.trim() === '') {
      setMissing(true);
      field.current?.focus();
      return;
    }
    ask.mutate({ server: server.trim(), name: name.trim() });
  }

  if (ask.isSuccess) {
    return (
      <Dialog
        isOpen
        onClose={onClose}
        title={m.forgotten_done_title()}
        actions={
          <Button look="primary" autoFocus onPress={onClose}>
            {m.close()}
          </Button>
        }
      >
        <p role="status">{m.forgotten_done()}</p>
        <p>{m.forgotten_none()}</p>
      </Dialog>
    );
  }
  return (
    <Dialog isOpen onClose={onClose} title={m.forgotten_title()}>
      <Form
        className={styles.form ?? ''}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p>{m.forgotten_lead({ server: server.trim() })}</p>
        <LineField
          ref={field}
          label={m.forgotten_name()}
          error={missing ? m.forgotten_need_name() : null}
          value={name}
          onChange={(value) => {
            setName(value);
            setMissing(false);
            if (ask.isError) {
              ask.reset();
            }
          }}
          name="username"
          autoComplete="username"
          autoFocus
          testId="forgotten-name"
        />
        {ask.error !== null && (
          <Notice severity={FAULTS[ask.error.code]?.severity ?? 'error'}>
            {faultText(ask.error)}
          </Notice>
        )}
        <div className={styles.actions}>
          <Button
            type="submit"
            look="primary"
            isPending={ask.isPending}
            data-testid="forgotten-send"
          >
            {ask.isPending ? m.forgotten_sending() : m.forgotten_send()}
          </Button>
          <Button onPress={onClose}>{m.signin_cancel()}</Button>
        </div>
      </Form>
    </Dialog>
  );
}
