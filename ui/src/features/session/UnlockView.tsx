import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { SecretField } from '../../shared/components/SecretField';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { queryKey, useWrite } from '../../shared/rpc/queries';
import styles from './Session.module.css';
import { SessionPage } from './SessionPage';

/** Everything is on this computer, under the passphrase; no line is needed. */
export function UnlockView({ server }: { server: string }) {
  const [passphrase, setPassphrase] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const client = useQueryClient();
  const unlock = useWrite('session.unlock');

  function submit(): void {
    if (unlock.isPending) {
      return;
    }
    if (passphrase === '') {
      setMissing(true);
      field.current?.focus();
      return;
    }
    unlock.mutate(
      { passphrase },
      {
        onSuccess: (session) => client.setQueryData(queryKey('session.state', {}), session),
        onError: () => field.current?.select(),
      },
    );
  }

  const refused = unlock.error !== null && FAULTS[unlock.error.code]?.field === 'passphrase';
  return (
    <SessionPage title={m.unlock_title()} lead={m.unlock_lead()}>
      <Form
        className={styles.form ?? ''}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <SecretField
          ref={field}
          label={m.unlock_passphrase()}
          hint={m.unlock_server({ server })}
          error={missing ? m.unlock_need_passphrase() : refused ? '' : null}
          value={passphrase}
          onChange={(value) => {
            setPassphrase(value);
            setMissing(false);
            if (unlock.isError) {
              unlock.reset();
            }
          }}
          name="passphrase"
          autoComplete="current-password"
          showLabel={m.passphrase_show()}
          hideLabel={m.passphrase_hide()}
          testId="passphrase"
          autoFocus
        />
        {unlock.error !== null && (
          <Notice severity={FAULTS[unlock.error.code]?.severity ?? 'error'}>
            {faultText(unlock.error)}
          </Notice>
        )}
        <div className={styles.actions}>
          <Button type="submit" look="primary" isPending={unlock.isPending} data-testid="unlock">
            {unlock.isPending ? m.unlock_pending() : m.unlock_submit()}
          </Button>
        </div>
      </Form>
    </SessionPage>
  );
}
