import { useQueryClient } from '@tanstack/react-query';
import type { KeyringState } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { queryKey, useWrite } from '../../shared/rpc/queries';
import styles from './Session.module.css';

type KeyringNoteProps = {
  state: KeyringState;
  /** Whether the form asks for a passphrase, as it must without a keyring. */
  passphrase: boolean;
  onPassphrase: () => void;
  onKeyring: () => void;
};

/** How the computer's keyring is, in plain words, and what the person can do about it. */
export function KeyringNote({ state, passphrase, onPassphrase, onKeyring }: KeyringNoteProps) {
  const client = useQueryClient();
  const again = useWrite('session.keyring_again');
  const text = noteText(state, passphrase);
  return (
    <div className={styles.keyring} data-testid="keyring" data-state={state}>
      <p role="status" className={styles.said}>
        {text}
      </p>
      {text !== null && (
        <div className={styles.actions}>
          {passphrase ? (
            <Button
              size="small"
              isPending={again.isPending}
              onPress={() =>
                again.mutate(
                  {},
                  {
                    onSuccess: (now) => {
                      client.setQueryData(queryKey('session.keyring', {}), now);
                      onKeyring();
                    },
                  },
                )
              }
              data-testid="keyring-again"
            >
              {m.keyring_again()}
            </Button>
          ) : (
            <Button size="small" onPress={onPassphrase} data-testid="keyring-instead">
              {m.keyring_instead()}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function noteText(state: KeyringState, passphrase: boolean): string | null {
  switch (state) {
    case 'waiting':
      return passphrase ? m.keyring_passed_by() : m.keyring_waiting();
    case 'ready':
      return passphrase ? m.keyring_passed_by() : null;
    case 'locked':
      return m.keyring_is_locked();
    case 'unavailable':
      return m.keyring_none();
  }
}
