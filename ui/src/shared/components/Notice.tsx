import { clsx } from 'clsx';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Severity } from '../errors/faults';
import styles from './Notice.module.css';

type NoticeProps = { severity: Severity; children: ReactNode };

/** A fault, said at once by assistive technology: what happened, why, what to do. */
export function Notice({ severity, children }: NoticeProps) {
  const Icon = severity === 'error' ? CircleAlert : TriangleAlert;
  return (
    <div role="alert" className={clsx(styles.notice, styles[severity])}>
      <Icon size={15} aria-hidden />
      <span>{children}</span>
    </div>
  );
}
