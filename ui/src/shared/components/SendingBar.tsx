import type { Progress } from '../../generated/rpc';
import { fileSize } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { isWorthTelling } from '../progress';
import { Bar } from './Bar';
import { Hidden } from './Hidden';
import styles from './SendingBar.module.css';

type SendingBarProps = {
  progress: Progress;
  /** Whether it moves now; else it says where it has stopped. */
  isMoving: boolean;
  /** The file comes instead of going. */
  isFetching?: boolean;
};

/** How much of a file has gone or come, once that says something. Said aloud at the start, half-way and at the end only. */
export function SendingBar({ progress, isMoving, isFetching = false }: SendingBarProps) {
  const { locale } = useLocale();
  const { done, total } = progress;
  if (!isWorthTelling(progress)) {
    return null;
  }
  const values = { done: fileSize(done, locale), total: fileSize(total, locale) };
  return (
    <div className={styles.sending} data-testid={isFetching ? 'fetching' : 'sending'}>
      <span className={styles.share}>
        <Bar value={done} max={total} />
      </span>
      <span className={styles.text}>{textFor()}</span>
      <Hidden>
        <span role="status">{m.progress_percent({ percent: milestone(progress) })}</span>
      </Hidden>
    </div>
  );

  function textFor(): string {
    if (isFetching) {
      return m.progress_fetching(values);
    }
    return isMoving ? m.progress_sending(values) : m.progress_stopped(values);
  }
}

function milestone({ done, total }: Progress): number {
  const part = total === 0 ? 1 : done / total;
  return part >= 1 ? 100 : part >= 0.5 ? 50 : 0;
}
