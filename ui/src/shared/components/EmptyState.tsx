import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';

type EmptyStateProps = {
  icon: LucideIcon;
  title: string;
  /** What will appear here. */
  hint?: string;
  /** One button at most. */
  action?: ReactNode;
};

/** Says what will appear in a place that is empty now. */
export function EmptyState({ icon: Icon, title, hint, action }: EmptyStateProps) {
  return (
    <div className={styles.empty}>
      <Icon size={28} strokeWidth={1.6} aria-hidden />
      <p className={styles.title}>{title}</p>
      {hint !== undefined && <p>{hint}</p>}
      {action !== undefined && <div className={styles.action}>{action}</div>}
    </div>
  );
}
