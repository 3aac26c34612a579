import { CircleX, PencilLine } from 'lucide-react';
import type { NotTaken as NotTakenView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Chip } from '../../shared/components/Chip';
import { Notice } from '../../shared/components/Notice';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { rejectionText } from '../../shared/errors/rejections';
import { useWrite } from '../../shared/rpc/queries';
import { Changes } from './Changes';
import styles from './Contact.module.css';

type NotTakenProps = {
  notTaken: NotTakenView;
  /** What was typed is in the form again. */
  onAgain: () => void;
};

/** A change that the server did not take, why, and the way to write it again. */
export function NotTaken({ notTaken, onAgain }: NotTakenProps) {
  const again = useWrite('outbox.write_again');
  return (
    <section className={styles.proposal} data-testid="not-taken">
      <div className={styles.head}>
        <h2 className={styles.blockTitle}>{m.proposal_not_taken()}</h2>
        <Chip tone="bad" icon={CircleX}>
          {m.state_refused()}
        </Chip>
      </div>
      {notTaken.reason !== null && <p className={styles.bad}>{rejectionText(notTaken.reason)}</p>}
      <Changes changes={notTaken.changes} label={m.proposal_not_taken()} />
      <div className={styles.actions}>
        <Button
          isPending={again.isPending}
          onPress={() => again.mutate({ command: notTaken.command }, { onSuccess: onAgain })}
          data-testid="contact-again"
        >
          <PencilLine size={15} aria-hidden />
          {m.proposal_write_again()}
        </Button>
      </div>
      {again.error !== null && (
        <Notice severity={FAULTS[again.error.code]?.severity ?? 'error'}>
          {faultText(again.error)}
        </Notice>
      )}
    </section>
  );
}
