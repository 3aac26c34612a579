import {
  CircleAlert,
  CircleCheck,
  CloudOff,
  KeyRound,
  type LucideIcon,
  RefreshCw,
} from 'lucide-react';
import type { SyncView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Chip, type Tone } from '../../shared/components/Chip';
import { useRead } from '../../shared/rpc/queries';
import { lineText } from './line';
import styles from './SyncChip.module.css';

/** Always in the title bar: icon, words and count. Assistive technology hears each change. */
export function SyncChip() {
  const { data: sync } = useRead('sync.state', {});
  const look = lookOf(sync);
  return (
    <span
      role="status"
      className={styles.chip}
      data-testid="sync-state"
      data-line={sync?.line ?? 'unknown'}
    >
      <Chip tone={look.tone} icon={look.icon}>
        {sync === undefined ? m.sync_unknown() : lineText(sync)}
      </Chip>
    </span>
  );
}

function lookOf(sync: SyncView | undefined): { tone: Tone; icon: LucideIcon } {
  switch (sync?.line) {
    case 'offline':
      return { tone: 'warn', icon: CloudOff };
    case 'sign_in_needed':
      return { tone: 'warn', icon: KeyRound };
    case 'online':
      if (sync.fault !== null) {
        return { tone: 'bad', icon: CircleAlert };
      }
      return sync.waiting > 0
        ? { tone: 'info', icon: RefreshCw }
        : { tone: 'ok', icon: CircleCheck };
    default:
      return { tone: 'none', icon: RefreshCw };
  }
}
