import styles from './Bar.module.css';

/** A share as a bar. The words beside it say the same, so a screen reader passes it by. */
export function Bar({ value, max }: { value: number; max: number }) {
  return <progress className={styles.bar} value={value} max={Math.max(max, 1)} aria-hidden />;
}
