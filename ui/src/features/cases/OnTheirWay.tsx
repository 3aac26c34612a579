import type { OnItsWay } from '../../generated/rpc';
import { StateChip } from '../../shared/components/StateChip';
import { rejectionText } from '../../shared/errors/rejections';
import { KINDS } from '../../shared/kinds';
import styles from './InfoPanel.module.css';

/** What was done to the case here and is not in force: a queued act never looks done. */
export function OnTheirWay({ acts }: { acts: readonly OnItsWay[] }) {
  return (
    <div className={styles.acts} role="status">
      {acts.map((act) => (
        <div key={act.command} className={styles.act} data-testid="on-its-way">
          <span>{KINDS[act.kind]()}</span>
          <StateChip state={act.state} />
          {act.reason !== null && (
            <span className={styles.reason}>{rejectionText(act.reason)}</span>
          )}
        </div>
      ))}
    </div>
  );
}
