import { Lock, Printer, Search, ShieldCheck } from 'lucide-react';
import { SyncChip } from '../features/sync/SyncChip';
import { m } from '../i18n/paraglide/messages.js';
import { Button } from '../shared/components/Button';
import { AccountMenu } from './AccountMenu';
import { LocaleButton } from './LocaleButton';
import styles from './TitleBar.module.css';

type TitleBarProps = {
  keyring: boolean;
  locking: boolean;
  onLock: () => void;
  onLogOut: () => void;
  onShowAccount: () => void;
  onChangeWord: () => void;
  onSearch: () => void;
};

/** The mark, the way to every case and command, and the state of the line. */
export function TitleBar({
  keyring,
  locking,
  onLock,
  onLogOut,
  onShowAccount,
  onChangeWord,
  onSearch,
}: TitleBarProps) {
  return (
    <header className={styles.bar}>
      <div className={styles.brand}>
        <ShieldCheck size={20} aria-hidden />
        <span className={styles.brandName}>{m.app_name()}</span>
      </div>
      <button
        type="button"
        className={styles.search}
        aria-keyshortcuts="Control+K"
        onClick={onSearch}
        data-testid="palette"
      >
        <Search size={15} aria-hidden />
        <span className={styles.searchName}>{m.palette_open()}</span>
        <kbd className={styles.keys} aria-hidden>
          Ctrl K
        </kbd>
      </button>
      <div className={styles.tools}>
        <SyncChip />
        <Button
          look="quiet"
          size="icon"
          aria-label={m.print()}
          aria-keyshortcuts="Control+P"
          onPress={() => window.print()}
          data-testid="print"
        >
          <Printer size={16} aria-hidden />
        </Button>
        <LocaleButton />
        <AccountMenu
          keyring={keyring}
          onShowAccount={onShowAccount}
          onChangeWord={onChangeWord}
          onLogOut={onLogOut}
        />
        <Button look="quiet" size="small" isPending={locking} onPress={onLock} data-testid="lock">
          <Lock size={15} aria-hidden />
          <span className={styles.lockName}>{m.lock()}</span>
        </Button>
      </div>
    </header>
  );
}
