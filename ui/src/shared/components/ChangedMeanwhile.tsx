import { m } from '../../i18n/paraglide/messages.js';
import { Button } from './Button';
import styles from './ChangedMeanwhile.module.css';
import { Notice } from './Notice';

type ChangedMeanwhileProps = { told: string; text: string; onRead: () => void; testId: string };

/** What has been changed since a change of it was begun is shown before it is written over. */
export function ChangedMeanwhile({ told, text, onRead, testId }: ChangedMeanwhileProps) {
  return (
    <Notice severity="warning">
      <p>{told}</p>
      <p className={styles.text} data-testid={`${testId}-now`}>
        {text}
      </p>
      <Button onPress={onRead} data-testid={`${testId}-read`}>
        {m.changed_read()}
      </Button>
    </Notice>
  );
}
