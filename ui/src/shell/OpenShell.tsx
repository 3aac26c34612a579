import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { CasesView } from '../features/cases/CasesView';
import { DocumentsProvider } from '../features/documents/documents-context';
import { OutboxView } from '../features/outbox/OutboxView';
import { SignInAgainDialog } from '../features/session/SignInAgainDialog';
import { useActivity } from '../features/session/use-activity';
import { SyncBanner } from '../features/sync/SyncBanner';
import { m } from '../i18n/paraglide/messages.js';
import { toFault } from '../platform';
import { Loading } from '../shared/components/Loading';
import { ToastProvider, useToast } from '../shared/components/Toasts';
import { useDrafts } from '../shared/drafts/drafts-context';
import { faultText } from '../shared/errors/faults';
import { useWrite } from '../shared/rpc/queries';
import { useKeepSession } from '../shared/rpc/use-keep-session';
import { CaseWork } from './CaseWork';
import { Nav, type View } from './Nav';
import styles from './OpenShell.module.css';
import { TitleBar } from './TitleBar';
import { Notices } from './use-notices';

/** Not on the first screen: fetched when they are first asked for. */
const AccountView = lazy(async () => ({
  default: (await import('../features/account/AccountView')).AccountView,
}));
const ChangeWordDialog = lazy(async () => ({
  default: (await import('../features/session/ChangeWordDialog')).ChangeWordDialog,
}));

type OpenShellProps = {
  name: string;
  server: string;
  keyring: boolean;
  /** The person has logged out; what is left looks like a lock. */
  onLoggedOut: () => void;
};

/** The program while it is open: title bar, views, and whatever keeps it from sending. */
export function OpenShell(props: OpenShellProps) {
  return (
    <DocumentsProvider>
      {/* What they say and can take back is private: they go with the lock. */}
      <ToastProvider>
        <Frame {...props} />
      </ToastProvider>
    </DocumentsProvider>
  );
}

function Frame({ name, server, keyring, onLoggedOut }: OpenShellProps) {
  const [view, setView] = useState<View>('cases');
  const [selectedCase, setSelectedCase] = useState<string | null>(null);
  const [signingIn, setSigningIn] = useState(false);
  const [changingWord, setChangingWord] = useState(false);
  const drafts = useDrafts();
  const lock = useLeave('session.lock');
  const logOut = useLeave('session.log_out', onLoggedOut);
  const main = useRef<HTMLElement>(null);
  useActivity();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each view has a title of its own
  useEffect(() => {
    // What had the focus went away with the view before: reading and Tab go on in the new one.
    if (document.activeElement === document.body) {
      main.current?.querySelector<HTMLElement>('h1')?.focus();
    }
  }, [view]);
  return (
    <div className={styles.shell}>
      <div className={styles.top}>
        <TitleBar
          keyring={keyring}
          locking={lock.isPending || logOut.isPending}
          onLock={lock.leave}
          onLogOut={logOut.leave}
          onShowAccount={() => setView('account')}
          onChangeWord={() => setChangingWord(true)}
        />
      </div>
      <div className={styles.side}>
        <Nav view={view} onShow={setView} name={name} server={server} />
      </div>
      <main className={styles.main} ref={main}>
        {view === 'account' && (
          <Suspense fallback={<Loading />}>
            <AccountView />
          </Suspense>
        )}
        {view === 'cases' && (
          <CasesView selected={selectedCase} onSelect={setSelectedCase}>
            {(item) => <CaseWork key={item.id} item={item} />}
          </CasesView>
        )}
        {view === 'outbox' && (
          <OutboxView
            onShowCases={() => setView('cases')}
            onShowCase={(caseId) => {
              setSelectedCase(caseId);
              setView('cases');
            }}
            saveDrafts={() => drafts.flushAll()}
          />
        )}
      </main>
      <div className={styles.line}>
        <SyncBanner
          onShowOutbox={view === 'outbox' ? null : () => setView('outbox')}
          onSignIn={() => setSigningIn(true)}
        />
      </div>
      <Notices />
      {changingWord && (
        <Suspense>
          <ChangeWordDialog keyring={keyring} onClose={() => setChangingWord(false)} />
        </Suspense>
      )}
      <SignInAgainDialog isOpen={signingIn} server={server} onClose={() => setSigningIn(false)} />
    </div>
  );
}

/** Saves what is being written, then locks or logs out. A text that cannot be saved keeps the program open. */
function useLeave(method: 'session.lock' | 'session.log_out', onLeft: () => void = () => {}) {
  const drafts = useDrafts();
  const keepSession = useKeepSession();
  const toast = useToast();
  const write = useWrite(method);
  const [saving, setSaving] = useState(false);
  return {
    isPending: saving || write.isPending,
    async leave(): Promise<void> {
      setSaving(true);
      const saved = await drafts.flushAll();
      setSaving(false);
      if (!saved) {
        toast({ text: () => m.lock_failed({ reason: m.lock_unsaved() }) });
        return;
      }
      try {
        const session = await write.mutateAsync({});
        onLeft();
        keepSession(session);
      } catch (thrown) {
        const fault = toFault(thrown);
        toast({ text: () => m.lock_failed({ reason: faultText(fault) }) });
      }
    },
  };
}
