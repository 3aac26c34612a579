import { clsx } from 'clsx';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Chip.module.css';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'none';

type ChipProps = { tone: Tone; icon: LucideIcon; children: ReactNode };

/** A state: icon, word and colour together, never colour alone. */
export function Chip({ tone, icon: Icon, children }: ChipProps) {
  return (
    <span className={clsx(styles.chip, styles[tone])}>
      <Icon size={13} aria-hidden />
      {children}
    </span>
  );
}
