import { useEffect, useState } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { Hidden } from './Hidden';
import styles from './Loading.module.css';

/** Before this, an answer from the core on the same computer is on its way and a flash would disturb. */
const PATIENCE_MS = 300;

/** Grey lines in place of what is being read, but only when that takes long. */
export function Loading() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" data-testid="loading" className={late ? styles.loading : undefined}>
      {late && (
        <>
          <div className={styles.line} />
          <div className={styles.line} />
          <div className={styles.line} />
          <Hidden>{m.loading()}</Hidden>
        </>
      )}
    </div>
  );
}
