import { useId } from 'react';
import type { Words } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import styles from './Rows.module.css';

type ChecklistProps = {
  points: readonly Words[];
  ticked: ReadonlySet<number>;
  onTick: (ticked: ReadonlySet<number>) => void;
  /** Whether something was sent before all was ticked. */
  isMissed: boolean;
};

/** What the sender sees to before a document is sent (KW-68, KW-69). */
export function Checklist({ points, ticked, onTick, isMissed }: ChecklistProps) {
  const { locale } = useLocale();
  const errorId = useId();
  function toggle(index: number): void {
    const next = new Set(ticked);
    next.has(index) ? next.delete(index) : next.add(index);
    onTick(next);
  }
  return (
    <fieldset
      className={styles.choices}
      aria-describedby={isMissed ? errorId : undefined}
      data-testid="checklist"
    >
      <legend>{m.checklist_title()}</legend>
      {points.map((point, index) => (
        <label key={point.sv} className={styles.choice}>
          <input
            type="checkbox"
            checked={ticked.has(index)}
            aria-invalid={isMissed && !ticked.has(index)}
            onChange={() => toggle(index)}
          />
          {point[locale]}
        </label>
      ))}
      {isMissed && (
        <p id={errorId} role="alert" className={styles.error}>
          {m.checklist_open()}
        </p>
      )}
    </fieldset>
  );
}
