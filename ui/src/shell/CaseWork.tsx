import { PencilLine } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { DecisionView } from '../features/cases/DecisionView';
import { DocumentHandles } from '../features/documents/DocumentHandles';
import { DocumentsView } from '../features/documents/DocumentsView';
import { useMemory } from '../features/documents/documents-context';
import { MessagesView } from '../features/messages/MessagesView';
import type { CaseView, PlaceView } from '../generated/rpc';
import { m } from '../i18n/paraglide/messages.js';
import { Chip } from '../shared/components/Chip';
import { Hidden } from '../shared/components/Hidden';
import { Loading } from '../shared/components/Loading';
import type { Goto } from '../shared/goto';
import { useRead } from '../shared/rpc/queries';
import { TextToolsProvider } from '../shared/text-tools';
import styles from './CaseWork.module.css';

const ArchiveView = lazy(() => import('../features/archive/ArchiveView'));
const NotesView = lazy(() => import('../features/notes/NotesView'));
const TemplatePicker = lazy(() => import('../features/templates/TemplatePicker'));
const ContactView = lazy(() => import('../features/contact/ContactView'));

const WORKS = ['messages', 'archive', 'address', 'documents', 'notes', 'decision'] as const;
type Work = (typeof WORKS)[number];

type CaseWorkProps = {
  item: CaseView;
  /** Where in it the person was sent, if they were. */
  called: Goto | null;
};

/** What is done in a case, in tabs. Mount it with the case's id as its key. */
export default function CaseWork({ item, called }: CaseWorkProps) {
  return item.mine_to_handle ? (
    <TextToolsProvider
      draw={(insert) => (
        <Suspense>
          <TemplatePicker item={item} onInsert={insert} />
        </Suspense>
      )}
    >
      <Works item={item} called={called} />
    </TextToolsProvider>
  ) : (
    <Works item={item} called={called} />
  );
}

function Works({ item, called }: CaseWorkProps) {
  const memory = useMemory();
  const [chosen, setWork] = useState<Work>('messages');
  const [calledRow, setCalledRow] = useState<string | null>(null);
  const [seenCall, setSeenCall] = useState<Goto | null>(null);
  /** The tab that is shown was pressed once more: it begins anew (KW-56). */
  const [pressedAgain, setPressedAgain] = useState(0);
  const tabs = useRef<HTMLDivElement>(null);
  const unfinished = useUnfinished(item.id);
  // Nothing is sent in once the case is decided (KW-35).
  const hasUpload = item.stage === 'application';
  const work = chosen === 'documents' && !hasUpload ? 'messages' : chosen;
  if (called !== seenCall) {
    setSeenCall(called);
    const next = called === null ? null : workOf(called.place, hasUpload);
    if (next !== null) {
      setWork(next);
      setCalledRow(called?.place.at === 'documents' ? called.place.row : null);
    }
  }
  // Where there is no room for all tabs, the one that is shown is in view, however the room changes.
  useEffect(() => {
    const list = tabs.current;
    const show = () =>
      list
        ?.querySelector(`[data-testid="tab-${work}"]`)
        ?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
    show();
    if (list === null || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(show);
    observer.observe(list);
    return () => observer.disconnect();
  }, [work]);
  const missing = item.documents_needed - item.documents_accepted - item.documents_submitted;
  return (
    <Tabs
      className={styles.tabs ?? ''}
      selectedKey={work}
      onSelectionChange={(key) => {
        setCalledRow(null);
        const next = WORKS.find((each) => each === key) ?? 'messages';
        if (next === work) {
          setPressedAgain((times) => times + 1);
        }
        setWork(next);
      }}
    >
      <div
        className={styles.bar}
        // An upright wheel reaches the tabs that there is no room for.
        onWheel={({ deltaX, deltaY }) => {
          if (deltaX === 0) {
            tabs.current?.scrollBy({ left: deltaY });
          }
        }}
      >
        {/* The header scrolls away; which certificate this is must stay plain (KW-18). */}
        <p className={styles.which} aria-hidden>
          {item.title} · {item.number}
        </p>
        <TabList ref={tabs} className={styles.list ?? ''} aria-label={m.case_tabs()}>
          <Tab id="messages" className={styles.tab ?? ''} data-testid="tab-messages">
            {m.messages_title()}
            <Count count={item.unread} tone="news">
              {m.case_unread({ count: item.unread })}
            </Count>
            {unfinished.message && <Mark>{m.draft_chip()}</Mark>}
          </Tab>
          <Tab id="archive" className={styles.tab ?? ''} data-testid="tab-archive">
            {m.tab_archive()}
          </Tab>
          <Tab id="address" className={styles.tab ?? ''} data-testid="tab-address">
            {item.mine_to_handle ? m.tab_contact() : m.tab_address()}
            {item.mine_to_handle && (
              <Count count={item.contact_to_handle} tone="news">
                {m.case_contact_to_handle()}
              </Count>
            )}
            {unfinished.contact && <Mark>{m.draft_chip()}</Mark>}
          </Tab>
          {hasUpload && (
            <Tab id="documents" className={styles.tab ?? ''} data-testid="tab-documents">
              {item.mine_to_handle ? m.tab_documents() : m.tab_upload()}
              {item.mine_to_handle ? (
                <Count count={item.documents_to_handle} tone="news">
                  {m.case_to_handle({ count: item.documents_to_handle })}
                </Count>
              ) : (
                <Count count={missing} tone="missing">
                  {m.case_missing({ count: missing })}
                </Count>
              )}
              {unfinished.file && <Mark>{m.picked_unsent()}</Mark>}
              {unfinished.reason && <Mark>{m.draft_chip()}</Mark>}
            </Tab>
          )}
          {item.mine_to_handle && (
            <Tab id="notes" className={styles.tab ?? ''} data-testid="tab-notes">
              {m.notes_title()}
            </Tab>
          )}
          {item.mine_to_handle && (
            <Tab id="decision" className={styles.tab ?? ''} data-testid="tab-decision">
              {m.tab_decision()}
            </Tab>
          )}
        </TabList>
      </div>
      {/* Both stay: what is open, filtered or half written in one outlives a look at the other. */}
      <TabPanel id="messages" className={styles.panel ?? ''} shouldForceMount>
        <MessagesView
          item={item}
          isShown={work === 'messages'}
          called={called}
          onMadeDocument={(row, file) => {
            memory.addMadeOfText(file);
            setCalledRow(row);
            setWork('documents');
          }}
        />
      </TabPanel>
      <TabPanel id="archive" className={styles.panel ?? ''}>
        <Suspense fallback={<Loading />}>
          <ArchiveView
            caseId={item.id}
            isShown={work === 'archive'}
            resetSignal={pressedAgain}
            actions={(document) => (
              <DocumentHandles document={document} isCompact caseId={item.id} />
            )}
          />
        </Suspense>
      </TabPanel>
      <TabPanel id="address" className={styles.panel ?? ''}>
        <Suspense fallback={<Loading />}>
          <ContactView caseId={item.id} isShown={work === 'address'} />
        </Suspense>
      </TabPanel>
      {hasUpload && (
        <TabPanel id="documents" className={styles.panel ?? ''} shouldForceMount>
          <DocumentsView item={item} isShown={work === 'documents'} calledRow={calledRow} />
        </TabPanel>
      )}
      {item.mine_to_handle && (
        <TabPanel id="notes" className={styles.panel ?? ''}>
          <Suspense fallback={<Loading />}>
            <NotesView caseId={item.id} />
          </Suspense>
        </TabPanel>
      )}
      {item.mine_to_handle && (
        <TabPanel id="decision" className={styles.panel ?? ''} shouldForceMount>
          <DecisionView item={item} />
        </TabPanel>
      )}
    </Tabs>
  );
}

/** The tab in which something stands; null if it is above them all. */
function workOf(place: PlaceView, hasUpload: boolean): Work | null {
  switch (place.at) {
    case 'messages':
    case 'address':
    case 'decision':
    case 'notes':
      return place.at;
    case 'documents':
      return hasUpload ? 'documents' : 'archive';
    default:
      return null;
  }
}

/** What the person has begun in the case and sent nowhere. Both tabs read these lists anyhow. */
function useUnfinished(caseId: string): {
  message: boolean;
  file: boolean;
  reason: boolean;
  contact: boolean;
} {
  const { data: messages } = useRead('messages.list', { case: caseId });
  const { data: documents } = useRead('documents.list', { case: caseId });
  const { data: contact } = useRead('contact.show', { case: caseId });
  const { leaving } = useMemory();
  const rows = documents?.rows ?? [];
  return {
    message: messages?.drafts.some((draft) => draft.text !== '') ?? false,
    file: rows.some((row) => row.picked.some(({ file }) => !leaving.has(file ?? ''))),
    contact: (contact?.draft ?? '') !== '' || (contact?.refusal_draft ?? '') !== '',
    reason:
      (documents?.completion.text ?? '') !== '' ||
      rows.some(
        (row) =>
          row.explanation_draft.reason !== '' ||
          [...row.documents, ...row.explanations].some((each) => each.refusal_draft !== ''),
      ),
  };
}

function Mark({ children }: { children: ReactNode }) {
  return (
    <>
      <Hidden>, </Hidden>
      <Chip tone="none" icon={PencilLine}>
        {children}
      </Chip>
    </>
  );
}

type CountProps = { count: number; tone: 'news' | 'missing'; children: ReactNode };

/** A number for the eye, and in words for everybody else. */
function Count({ count, tone, children }: CountProps) {
  return (
    count > 0 && (
      <>
        <span className={styles.count} data-tone={tone} aria-hidden>
          {count}
        </span>
        <Hidden>, {children}</Hidden>
      </>
    )
  );
}
