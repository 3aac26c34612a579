import { CircleAlert, CloudOff, KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { SyncView } from '../../generated/rpc';
import { shortDateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { codeText } from '../../shared/errors/faults';
import { useRead } from '../../shared/rpc/queries';
import { useSyncNow } from '../../shared/rpc/use-sync-now';
import styles from './SyncBanner.module.css';

type Trouble = 'offline' | 'sign_in' | 'fault';
type SyncBannerProps = {
  /** Null while the outbox is what the person looks at. */
  onShowOutbox: (() => void) | null;
  onSignIn: () => void;
};

/** Docked at the bottom: whether the server answers, and while something keeps the program from sending, what. */
export function SyncBanner({ onShowOutbox, onSignIn }: SyncBannerProps) {
  const { data: sync } = useRead('sync.state', {});
  const { locale } = useLocale();
  const syncNow = useSyncNow();
  const trouble = useTrouble(sync);
  if (sync === undefined || trouble === null) {
    return (
      <footer className={styles.strip}>
        {sync?.line === 'online' && <p className={styles.contact}>{m.strip_online()}</p>}
      </footer>
    );
  }
  const Icon = ICONS[trouble];
  const title = TITLES[trouble]();
  return (
    <footer className={styles.strip} data-trouble={trouble}>
      <section className={styles.banner} aria-label={title}>
        <Icon size={16} aria-hidden />
        <p className={styles.text}>
          <strong>{title}</strong> {explain(trouble, sync)}{' '}
          {trouble === 'offline' && sync.last_contact !== null && (
            <span className={styles.contact}>
              {m.banner_last_contact({
                time: shortDateAndTime(sync.last_contact, locale, new Date()),
              })}
            </span>
          )}
        </p>
        <div className={styles.actions}>
          {onShowOutbox !== null && (
            <Button size="small" onPress={onShowOutbox}>
              {m.banner_show_outbox()}
            </Button>
          )}
          {trouble === 'sign_in' ? (
            <Button size="small" onPress={onSignIn}>
              {m.banner_sign_in_button()}
            </Button>
          ) : (
            <Button
              size="small"
              isPending={syncNow.isPending || sync.line === 'connecting'}
              onPress={() => void syncNow.tryNow()}
            >
              {m.banner_try_now()}
            </Button>
          )}
        </div>
      </section>
    </footer>
  );
}

const ICONS = { offline: CloudOff, sign_in: KeyRound, fault: CircleAlert } as const;
const TITLES: Record<Trouble, () => string> = {
  offline: () => m.banner_offline(),
  sign_in: () => m.banner_sign_in(),
  fault: () => m.banner_fault(),
};

function explain(trouble: Trouble, { waiting, fault }: SyncView): string {
  if (trouble === 'fault' && fault !== null) {
    return codeText(fault);
  }
  if (trouble === 'sign_in') {
    return m.banner_sign_in_text();
  }
  return waiting > 0 ? m.banner_offline_waiting({ count: waiting }) : m.banner_offline_none();
}

/**
 * What is wrong. While a new try is under way the last trouble stays, or the banner would jump away
 * and back under the button that was just pressed.
 */
function useTrouble(sync: SyncView | undefined): Trouble | null {
  const [last, setLast] = useState<Trouble | null>(null);
  if (sync === undefined || sync.line === 'connecting') {
    return last;
  }
  const now = troubleOf(sync);
  if (now !== last) {
    setLast(now);
  }
  return now;
}

function troubleOf({ line, fault }: SyncView): Trouble | null {
  if (line === 'sign_in_needed') {
    return 'sign_in';
  }
  if (fault !== null && fault !== 'offline') {
    return 'fault';
  }
  return line === 'offline' ? 'offline' : null;
}
