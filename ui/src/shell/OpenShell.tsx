import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CasesView } from '../features/cases/CasesView';
import { DocumentsProvider } from '../features/documents/documents-context';
import { OutboxView } from '../features/outbox/OutboxView';
import { SignInAgainDialog } from '../features/session/SignInAgainDialog';
import { SyncBanner } from '../features/sync/SyncBanner';
import { m } from '../i18n/paraglide/messages.js';
import { useToast } from '../shared/components/Toasts';
import { DraftsProvider, useDrafts } from '../shared/drafts/drafts-context';
import { faultText } from '../shared/errors/faults';
import { queryKey, useWrite } from '../shared/rpc/queries';
import { CaseWork } from './CaseWork';
import { Nav, type View } from './Nav';
import styles from './OpenShell.module.css';
import { TitleBar } from './TitleBar';
import { useNotices } from './use-notices';

type OpenShellProps = { name: string; server: string };

/** The program while it is open: title bar, views, and whatever keeps it from sending. */
export function OpenShell(props: OpenShellProps) {
  return (
    <DraftsProvider>
      <DocumentsProvider>
        <Frame {...props} />
      </DocumentsProvider>
    </DraftsProvider>
  );
}

function Frame({ name, server }: OpenShellProps) {
  const [view, setView] = useState<View>('cases');
  const [selectedCase, setSelectedCase] = useState<string | null>(null);
  const [signingIn, setSigningIn] = useState(false);
  const drafts = useDrafts();
  const lock = useLock();
  useNotices();
  return (
    <div className={styles.shell}>
      <div className={styles.top}>
        <TitleBar locking={lock.isPending} onLock={lock.lock} />
      </div>
      <div className={styles.side}>
        <Nav view={view} onShow={setView} name={name} server={server} />
      </div>
      <div className={styles.notices}>
        <SyncBanner onShowOutbox={() => setView('outbox')} onSignIn={() => setSigningIn(true)} />
      </div>
      <main className={styles.main}>
        {view === 'cases' ? (
          <CasesView selected={selectedCase} onSelect={setSelectedCase}>
            {(item) => <CaseWork key={item.id} item={item} />}
          </CasesView>
        ) : (
          <OutboxView onShowCases={() => setView('cases')} saveDrafts={() => drafts.flushAll()} />
        )}
      </main>
      <SignInAgainDialog isOpen={signingIn} server={server} onClose={() => setSigningIn(false)} />
    </div>
  );
}

/** Saves what is being written, then locks. A text that cannot be saved keeps the program open. */
function useLock() {
  const drafts = useDrafts();
  const client = useQueryClient();
  const toast = useToast();
  const write = useWrite('session.lock');
  const [saving, setSaving] = useState(false);
  return {
    isPending: saving || write.isPending,
    async lock(): Promise<void> {
      setSaving(true);
      const saved = await drafts.flushAll();
      setSaving(false);
      if (!saved) {
        toast({ text: () => m.lock_failed({ reason: m.lock_unsaved() }) });
        return;
      }
      write.mutate(
        {},
        {
          onSuccess: (session) => client.setQueryData(queryKey('session.state', {}), session),
          onError: (fault) => toast({ text: () => m.lock_failed({ reason: faultText(fault) }) }),
        },
      );
    },
  };
}
