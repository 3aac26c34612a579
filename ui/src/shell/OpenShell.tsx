import {
  ChartBar,
  FilePlus2,
  FileText,
  FolderOpen,
  Info,
  ListFilter,
  Lock,
  LogOut,
  type LucideIcon,
  RefreshCw,
  Send,
  UserCog,
} from 'lucide-react';
import {
  lazy,
  Suspense,
  startTransition,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react';
import { CasesView } from '../features/cases/CasesView';
import { DocumentsProvider, useMemory } from '../features/documents/documents-context';
import { SignInAgainDialog } from '../features/session/SignInAgainDialog';
import { useActivity } from '../features/session/use-activity';
import { SyncBanner } from '../features/sync/SyncBanner';
import { m } from '../i18n/paraglide/messages.js';
import { toFault } from '../platform';
import { afterPaint } from '../shared/after-paint';
import { Loading } from '../shared/components/Loading';
import { ToastProvider, useToast } from '../shared/components/Toasts';
import { useDrafts } from '../shared/drafts/drafts-context';
import { faultText } from '../shared/errors/faults';
import { useWrite } from '../shared/rpc/queries';
import { useKeepSession } from '../shared/rpc/use-keep-session';
import { useSyncNow } from '../shared/rpc/use-sync-now';
import { Nav, type View } from './Nav';
import styles from './OpenShell.module.css';
import type { Act } from './Palette';
import { TitleBar } from './TitleBar';
import { Notices } from './use-notices';

/** What the first screen does not need: read when it stands, so that it is there when it is asked for. */
const views = {
  work: () => import('./CaseWork'),
  outbox: () => import('../features/outbox/OutboxView'),
  apply: () => import('../features/applications/ApplyView'),
  queue: () => import('../features/queue/QueueView'),
  workload: () => import('../features/workload/WorkloadView'),
  templates: () => import('../features/templates/TemplatesView'),
  account: () =>
    import('../features/account/AccountView').then((it) => ({ default: it.AccountView })),
  services: () => import('../features/services/ServicesView'),
  post: () => import('../features/contact/PostView'),
};
const CaseWork = lazy(views.work);
const OutboxView = lazy(views.outbox);
const ApplyView = lazy(views.apply);
const DocumentViewer = lazy(() => import('../features/documents/viewer/DocumentViewer'));
const QueueView = lazy(views.queue);
const WorkloadView = lazy(views.workload);
const TemplatesView = lazy(views.templates);
const AccountView = lazy(views.account);
const ServicesView = lazy(views.services);
const Palette = lazy(() => import('./Palette'));
const PostView = lazy(views.post);

function preload(): () => void {
  return afterPaint(() => {
    void views.work();
    void views.outbox();
  });
}
const ChangeWordDialog = lazy(async () => ({
  default: (await import('../features/session/ChangeWordDialog')).ChangeWordDialog,
}));

type OpenShellProps = {
  name: string;
  server: string;
  keyring: boolean;
  staff: boolean;
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

function Frame({ name, server, keyring, staff, onLoggedOut }: OpenShellProps) {
  const [view, setView] = useState<View>('cases');
  const [selectedCase, setSelectedCase] = useState<string | null>(null);
  const [signingIn, setSigningIn] = useState(false);
  const [changingWord, setChangingWord] = useState(false);
  const [isSearching, setSearching] = useState(false);
  const drafts = useDrafts();
  const { looking } = useMemory();
  const lock = useLeave('session.lock');
  const logOut = useLeave('session.log_out', onLoggedOut);
  const main = useRef<HTMLElement>(null);
  useActivity();
  const { tryNow } = useSyncNow();
  useSearchKey(() => setSearching(true));
  useEffect(preload, []);
  /** What is on screen stays there until the next view has been read. */
  function show(next: View): void {
    startTransition(() => setView(next));
  }
  function showCase(caseId: string): void {
    setSelectedCase(caseId);
    show('cases');
  }
  function acts(): Act[] {
    const to = (id: View, name: string, icon: LucideIcon) => ({
      id,
      name,
      icon,
      run: () => show(id),
    });
    return [
      to('cases', staff ? m.nav_cases_officer() : m.nav_cases(), FolderOpen),
      ...(staff
        ? [
            to('queue', m.nav_queue(), ListFilter),
            to('workload', m.nav_workload(), ChartBar),
            to('templates', m.nav_templates(), FileText),
          ]
        : [to('apply', m.nav_apply(), FilePlus2)]),
      to('outbox', m.nav_outbox(), Send),
      to('services', m.nav_services(), Info),
      to('account', m.account_label(), UserCog),
      { id: 'sync', name: m.palette_sync(), icon: RefreshCw, run: () => void tryNow() },
      { id: 'lock', name: m.palette_lock(), icon: Lock, run: () => void lock.leave() },
      { id: 'log-out', name: m.log_out(), icon: LogOut, run: () => void logOut.leave() },
    ];
  }
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
          onShowAccount={() => show('account')}
          onChangeWord={() => setChangingWord(true)}
          onSearch={() => setSearching(true)}
        />
      </div>
      <div className={styles.side}>
        <Nav view={view} onShow={show} name={name} server={server} staff={staff} />
      </div>
      <main className={styles.main} ref={main}>
        {view === 'cases' && (
          <CasesView
            selected={selectedCase}
            onSelect={setSelectedCase}
            beside={(item) =>
              looking?.case === item.id ? (
                <Suspense fallback={<Loading />}>
                  <DocumentViewer key={looking.document} looking={looking} />
                </Suspense>
              ) : null
            }
          >
            {(item) => (
              <Suspense fallback={<Loading />}>
                <CaseWork key={item.id} item={item} />
              </Suspense>
            )}
          </CasesView>
        )}
        {view !== 'cases' && (
          <Suspense fallback={<Loading />}>
            {view === 'account' && <AccountView />}
            {view === 'services' && <ServicesView />}
            {view === 'apply' && <ApplyView onShowOutbox={() => show('outbox')} />}
            {view === 'post' && <PostView onShowCase={showCase} />}
            {view === 'queue' && <QueueView onShowCase={showCase} />}
            {view === 'workload' && <WorkloadView />}
            {view === 'templates' && <TemplatesView />}
            {view === 'outbox' && (
              <OutboxView
                onShowCases={() => show('cases')}
                onShowCase={showCase}
                saveDrafts={() => drafts.flushAll()}
              />
            )}
          </Suspense>
        )}
      </main>
      <div className={styles.line}>
        <SyncBanner
          onShowOutbox={view === 'outbox' ? null : () => show('outbox')}
          onSignIn={() => setSigningIn(true)}
        />
      </div>
      <Notices />
      {isSearching && (
        <Suspense>
          <Palette acts={acts()} onShowCase={showCase} onClose={() => setSearching(false)} />
        </Suspense>
      )}
      {changingWord && (
        <Suspense>
          <ChangeWordDialog keyring={keyring} onClose={() => setChangingWord(false)} />
        </Suspense>
      )}
      <SignInAgainDialog isOpen={signingIn} server={server} onClose={() => setSigningIn(false)} />
    </div>
  );
}

/** Ctrl + K, or Command + K, from wherever the focus is. */
function useSearchKey(onSearch: () => void): void {
  const search = useEffectEvent(onSearch);
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      const asked = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
      if (asked && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        search();
      }
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
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
