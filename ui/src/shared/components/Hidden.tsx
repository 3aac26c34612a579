import type { ReactNode } from 'react';
import styles from './hidden.module.css';

/** Text for assistive technology that the eye gets in another way. */
export function Hidden({ children }: { children: ReactNode }) {
  return <span className={styles.hidden}>{children}</span>;
}
