import { ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { Notice } from '../../shared/components/Notice';
import { useUnsaved } from '../../shared/drafts/drafts-context';
import styles from './Session.module.css';

type SessionPageProps = { title: string; lead?: string; children: ReactNode };

/** The page before the program is open: who it is, one form, nothing else. */
export function SessionPage({ title, lead, children }: SessionPageProps) {
  const unsaved = useUnsaved();
  return (
    <main className={styles.page}>
      <div className={styles.column}>
        <p className={styles.brand}>
          <ShieldCheck size={20} aria-hidden />
          {m.app_name()}
        </p>
        <div className={styles.head}>
          <h1>{title}</h1>
          {lead !== undefined && <p className={styles.lead}>{lead}</p>}
        </div>
        {unsaved !== null && <Notice severity="warning">{m.unlock_unsaved()}</Notice>}
        {children}
      </div>
    </main>
  );
}
