import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { SecretField } from '../../shared/components/SecretField';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { queryKey, useRead, useWrite } from '../../shared/rpc/queries';
import { useKeepSession } from '../../shared/rpc/use-keep-session';
import { ForgottenView } from './ForgottenView';
import styles from './Session.module.css';
import { SessionPage } from './SessionPage';
import { triesLeftText, wordTexts } from './word';

type UnlockViewProps = {
  server: string;
  /** Whether a PIN unlocks, or a passphrase. */
  keyring: boolean;
  triesLeft: number;
  hasLoggedOut: boolean;
};

/** Everything is on this computer; no line is needed, unless the PIN is forgotten. */
export function UnlockView(props: UnlockViewProps) {
  const [forgotten, setForgotten] = useState(false);
  const { server, keyring, triesLeft } = props;
  if (triesLeft === 0) {
    const lead = wordTexts(keyring).noTries();
    return <ForgottenView server={server} keyring={keyring} lead={lead} />;
  }
  if (forgotten) {
    return (
      <ForgottenView
        server={server}
        keyring={keyring}
        lead={m.forgot_lead()}
        onBack={() => setForgotten(false)}
      />
    );
  }
  return <UnlockForm {...props} onForgotten={() => setForgotten(true)} />;
}

type UnlockFormProps = UnlockViewProps & { onForgotten: () => void };

function UnlockForm({ server, keyring, triesLeft, hasLoggedOut, onForgotten }: UnlockFormProps) {
  const [word, setWord] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const client = useQueryClient();
  const keepSession = useKeepSession();
  const unlock = useWrite('session.unlock');
  const texts = wordTexts(keyring);

  function submit(): void {
    if (unlock.isPending) {
      return;
    }
    if (word === '') {
      setMissing(true);
      field.current?.focus();
      return;
    }
    unlock.mutate(
      { passphrase: word },
      {
        onSuccess: keepSession,
        onError: () => {
          field.current?.select();
          // How many tries are left stands in the session.
          void client.invalidateQueries({ queryKey: queryKey('session.state', {}) });
        },
      },
    );
  }

  const refused = unlock.error !== null && FAULTS[unlock.error.code]?.field === 'passphrase';
  const tries = triesLeftText(triesLeft);
  return (
    <SessionPage
      title={hasLoggedOut ? m.logged_out_title() : m.unlock_title()}
      lead={hasLoggedOut ? m.logged_out_lead() : m.unlock_lead()}
    >
      <Form
        className={styles.form ?? ''}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <SecretField
          ref={field}
          label={texts.label()}
          hint={m.unlock_server({ server })}
          error={missing ? texts.need() : refused ? '' : null}
          value={word}
          onChange={(value) => {
            setWord(value);
            setMissing(false);
            if (unlock.isError) {
              unlock.reset();
            }
          }}
          name="passphrase"
          autoComplete="current-password"
          showLabel={texts.show()}
          hideLabel={texts.hide()}
          testId="passphrase"
          autoFocus
        />
        {unlock.error !== null && (
          <Notice severity={FAULTS[unlock.error.code]?.severity ?? 'error'}>
            {faultText(unlock.error)}
          </Notice>
        )}
        {tries !== null && (
          <p className={styles.tries} data-testid="tries-left">
            {tries}
          </p>
        )}
        {keyring && <KeyringAwaited trying={unlock.isPending} />}
        <div className={styles.actions}>
          <Button type="submit" look="primary" isPending={unlock.isPending} data-testid="unlock">
            {unlock.isPending ? m.unlock_pending() : m.unlock_submit()}
          </Button>
          <Button look="quiet" onPress={onForgotten} data-testid="forgot">
            {texts.forgot()}
          </Button>
        </div>
      </Form>
    </SessionPage>
  );
}

/** The system may ask for the keyring's own password in a window of its own. */
function KeyringAwaited({ trying }: { trying: boolean }) {
  const { data: state } = useRead('session.keyring', {});
  return (
    <p role="status" className={styles.said} data-testid="keyring" data-state={state}>
      {trying && state === 'waiting' && m.keyring_waiting()}
    </p>
  );
}
