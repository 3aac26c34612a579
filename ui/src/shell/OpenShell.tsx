import {
  lazy,
  Suspense,
  startTransition,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { CasesView } from '../features/cases/CasesView';
import { DocumentsProvider, useMemory } from '../features/documents/documents-context';
import { SignInAgainDialog } from '../features/session/SignInAgainDialog';
import { useActivity } from '../features/session/use-activity';
import { wordTexts } from '../features/session/word';
import { SyncBanner } from '../features/sync/SyncBanner';
import { m } from '../i18n/paraglide/messages.js';
import { toFault } from '../platform';
import { afterPaint } from '../shared/after-paint';
import { Loading } from '../shared/components/Loading';
import { ToastProvider, useToast } from '../shared/components/Toasts';
import { useDrafts } from '../shared/drafts/drafts-context';
import { faultText } from '../shared/errors/faults';
import type { Goto } from '../shared/goto';
import { type AskFirst, LeavingContext } from '../shared/leaving';
import { useRead, useWrite } from '../shared/rpc/queries';
import { useKeepSession } from '../shared/rpc/use-keep-session';
import { useSyncNow } from '../shared/rpc/use-sync-now';
import { LeftNotice } from './LeftNotice';
import { Nav, type View } from './Nav';
import styles from './OpenShell.module.css';
import { TitleBar } from './TitleBar';

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
  overview: () => import('../features/overview/OverviewView'),
  search: () => import('../features/search/SearchView'),
  settings: () => import('../features/settings/SettingsView'),
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
const PrintFoot = lazy(() => import('./PrintFoot'));
const Notices = lazy(async () => ({ default: (await import('./use-notices')).Notices }));
const PostView = lazy(views.post);
const OverviewView = lazy(views.overview);
const SearchView = lazy(views.search);
const SettingsView = lazy(views.settings);

function preload(): () => void {
  return afterPaint(() => {
    void views.overview();
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
  // Null until it is known what there is to show, or somebody has chosen.
  const [chosen, setView] = useState<View | null>(null);
  const view = chosen ?? 'cases';
  const [selectedCase, setSelectedCase] = useState<string | null>(null);
  const [called, setCalled] = useState<Goto | null>(null);
  const [searched, setSearched] = useState('');
  const [signingIn, setSigningIn] = useState(false);
  const [changingWord, setChangingWord] = useState(false);
  const [isSearching, setSearching] = useState(false);
  const drafts = useDrafts();
  const { looking } = useMemory();
  const lock = useLeave('session.lock');
  const logOut = useLeave('session.log_out', onLoggedOut);
  const main = useRef<HTMLElement>(null);
  const asking = useRef<AskFirst | null>(null);
  useActivity();
  const { tryNow } = useSyncNow();
  useKeys({
    k: () => setSearching(true),
    'shift+f': () => show('search'),
    p: () => window.print(),
  });
  useEffect(preload, []);
  /** Leaves what is on screen, once the person has answered what it may ask first. */
  function leaving(leave: () => void): void {
    if (asking.current === null) {
      leave();
    } else {
      asking.current(leave);
    }
  }
  /** What is on screen stays there until the next view has been read. */
  function show(next: View): void {
    if (next !== chosen) {
      leaving(() => startTransition(() => setView(next)));
    }
  }
  function showCase(caseId: string): void {
    setCalled(null);
    setSelectedCase(caseId);
    show('cases');
  }
  /** Leads to where something stands. */
  function go(to: Goto): void {
    const { place, caseId } = to;
    if (place.at === 'application') {
      show(staff ? 'cases' : 'apply');
    } else if (place.at === 'post' || place.at === 'outbox' || place.at === 'templates') {
      show(place.at);
    } else if (caseId !== null) {
      setCalled({ ...to });
      setSelectedCase(caseId);
      show('cases');
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: each view has a title of its own
  useEffect(() => {
    // What had the focus went away with the view before: reading and Tab go on in the new one.
    if (document.activeElement === document.body) {
      main.current?.querySelector<HTMLElement>('h1')?.focus();
    }
  }, [chosen]);
  return (
    <div className={styles.shell}>
      <div className={styles.top}>
        <TitleBar
          keyring={keyring}
          locking={lock.isPending || logOut.isPending}
          onLock={() => leaving(() => void lock.leave())}
          onLogOut={() => leaving(() => void logOut.leave())}
          onShowAccount={() => show('account')}
          onChangeWord={() => setChangingWord(true)}
          onSearch={() => setSearching(true)}
        />
      </div>
      <div className={styles.side}>
        <Nav view={view} onShow={show} name={name} server={server} staff={staff} />
      </div>
      <main className={styles.main} ref={main}>
        {chosen === null && <FirstView onKnown={setView} />}
        {chosen === 'cases' && (
          <CasesView
            selected={selectedCase}
            onSelect={(caseId) => {
              setCalled(null);
              setSelectedCase(caseId);
            }}
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
                <CaseWork
                  key={item.id}
                  item={item}
                  called={called?.caseId === item.id ? called : null}
                />
              </Suspense>
            )}
          </CasesView>
        )}
        {view !== 'cases' && (
          <Suspense fallback={<Loading />}>
            {view === 'overview' && <OverviewView onGo={go} />}
            {view === 'search' && <SearchView text={searched} onText={setSearched} onGo={go} />}
            {view === 'settings' && (
              <SettingsView
                changeWord={wordTexts(keyring).change()}
                onChangeWord={() => setChangingWord(true)}
                onShowAccount={() => show('account')}
              />
            )}
            {view === 'account' && (
              <LeavingContext value={asking}>
                <AccountView />
              </LeavingContext>
            )}
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
      <Suspense>
        <PrintFoot caseId={selectedCase} isCase={view === 'cases'} />
      </Suspense>
      <div className={styles.line}>
        <SyncBanner
          onShowOutbox={view === 'outbox' ? null : () => show('outbox')}
          onSignIn={() => setSigningIn(true)}
        />
      </div>
      <Suspense>
        <Notices />
      </Suspense>
      <LeftNotice onShow={() => show('outbox')} />
      {isSearching && (
        <Suspense>
          <Palette
            staff={staff}
            onShow={show}
            onSync={() => void tryNow()}
            onLock={() => leaving(() => void lock.leave())}
            onLogOut={() => leaving(() => void logOut.leave())}
            onShowCase={showCase}
            onGo={go}
            onSearch={(text) => {
              setSearched(text);
              show('search');
            }}
            onClose={() => setSearching(false)}
          />
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

/**
 * What comes first: who has one case is in it at once, and who has several sees what waits in any of them.
 * As long as nothing has come there is nothing to choose by.
 */
function FirstView({ onKnown }: { onKnown: (view: View) => void }) {
  const { data: cases, isError } = useRead('cases.list', {});
  const known = useEffectEvent(onKnown);
  const count = isError ? 1 : (cases?.length ?? 0);
  useLayoutEffect(() => {
    if (count > 0) {
      known(count > 1 ? 'overview' : 'cases');
    }
  }, [count]);
  return cases === undefined ? (
    <Loading />
  ) : (
    <CasesView selected={null} onSelect={() => {}} beside={() => null}>
      {() => null}
    </CasesView>
  );
}

/** Ctrl, or Command, and a letter, from wherever the focus is. */
function useKeys(acts: Record<string, () => void>): void {
  const act = useEffectEvent((key: string) => acts[key]);
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.altKey || !(event.ctrlKey || event.metaKey)) {
        return;
      }
      const letter = event.key.toLowerCase();
      const run = act(event.shiftKey ? `shift+${letter}` : letter);
      if (run !== undefined) {
        event.preventDefault();
        run();
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
