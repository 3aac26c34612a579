import { PencilLine } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { useMemory } from '../features/documents/documents-context';
import { MessagesView } from '../features/messages/MessagesView';
import type { CaseView } from '../generated/rpc';
import { m } from '../i18n/paraglide/messages.js';
import { Chip } from '../shared/components/Chip';
import { Hidden } from '../shared/components/Hidden';
import { Loading } from '../shared/components/Loading';
import { useRead } from '../shared/rpc/queries';
import styles from './CaseWork.module.css';

const DocumentsView = lazy(async () => {
  const { DocumentsView: view } = await import('../features/documents/DocumentsView');
  return { default: view };
});

type Work = 'messages' | 'documents';

/** What is done in a case, in tabs. Mount it with the case's id as its key. */
export function CaseWork({ item }: { item: CaseView }) {
  const memory = useMemory();
  const [work, setWork] = useState<Work>('messages');
  const [calledRow, setCalledRow] = useState<string | null>(null);
  const unfinished = useUnfinished(item.id);
  const missing = item.documents_needed - item.documents_accepted - item.documents_submitted;
  return (
    <Tabs
      className={styles.tabs ?? ''}
      selectedKey={work}
      onSelectionChange={(key) => {
        setCalledRow(null);
        setWork(key === 'documents' ? 'documents' : 'messages');
      }}
    >
      <TabList className={styles.list ?? ''} aria-label={m.case_tabs()}>
        <Tab id="messages" className={styles.tab ?? ''} data-testid="tab-messages">
          {m.messages_title()}
          <Count count={item.unread} tone="news">
            {m.case_unread({ count: item.unread })}
          </Count>
          {unfinished.message && <Mark>{m.draft_chip()}</Mark>}
        </Tab>
        <Tab id="documents" className={styles.tab ?? ''} data-testid="tab-documents">
          {m.documents_title()}
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
      </TabList>
      {/* Both stay: what is open, filtered or half written in one outlives a look at the other. */}
      <TabPanel id="messages" className={styles.panel ?? ''} shouldForceMount>
        <MessagesView
          item={item}
          isShown={work === 'messages'}
          onMadeDocument={(row, file) => {
            memory.addMadeOfText(file);
            setCalledRow(row);
            setWork('documents');
          }}
        />
      </TabPanel>
      <TabPanel id="documents" className={styles.panel ?? ''} shouldForceMount>
        <Suspense fallback={<Loading />}>
          <DocumentsView item={item} isShown={work === 'documents'} calledRow={calledRow} />
        </Suspense>
      </TabPanel>
    </Tabs>
  );
}

/** What the person has begun in the case and sent nowhere. Both tabs read these lists anyhow. */
function useUnfinished(caseId: string): { message: boolean; file: boolean; reason: boolean } {
  const { data: messages } = useRead('messages.list', { case: caseId });
  const { data: documents } = useRead('documents.list', { case: caseId });
  const { leaving } = useMemory();
  const rows = documents?.rows ?? [];
  return {
    message: messages?.drafts.some((draft) => draft.text !== '') ?? false,
    file: rows.some((row) => row.picked.some(({ file }) => !leaving.has(file ?? ''))),
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
