import { CircleCheckBig, FileStack } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { CaseView, DocumentList } from '../../generated/rpc';
import { dateAndTime, fileSize } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Bar } from '../../shared/components/Bar';
import { Chip } from '../../shared/components/Chip';
import { EmptyState } from '../../shared/components/EmptyState';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import { useRead } from '../../shared/rpc/queries';
import { Completion } from './CompletionForm';
import { DocumentRow } from './DocumentRow';
import styles from './Documents.module.css';
import { DropDialog } from './DropDialog';
import { ReadyBox } from './ReadyBox';
import { rowFocus } from './row-focus';
import { tally } from './row-state';
import { type Transfer, TransferBox } from './TransferBox';
import { useAddFiles } from './use-add-files';
import { useFileDrops } from './use-file-drops';

type DocumentsViewProps = {
  item: CaseView;
  /** Whether this is what the person looks at; else it stands by, hidden. */
  isShown: boolean;
  /** The row to look at first, if the person was sent to one. */
  calledRow: string | null;
};

/** The documents that a case asks for, one row each. Mount it with the case's id as its key. */
export function DocumentsView({ item, isShown, calledRow }: DocumentsViewProps) {
  const { data, error, refetch } = useRead('documents.list', { case: item.id });
  if (data === undefined) {
    return error === null ? (
      <Loading />
    ) : (
      <FaultView fault={error} onRetry={() => void refetch()} />
    );
  }
  return data.rows.length === 0 ? (
    <EmptyState icon={FileStack} title={m.documents_empty()} hint={m.documents_empty_hint()} />
  ) : (
    <Rows item={item} list={data} isShown={isShown} calledRow={calledRow} />
  );
}

function Rows({ item, list, isShown, calledRow }: DocumentsViewProps & { list: DocumentList }) {
  const root = useRef<HTMLDivElement>(null);
  const files = useAddFiles(item.id);
  const [transfer, setTransfer] = useState<Transfer | null>(null);
  const drops = useFileDrops({
    isOn: isShown && (list.mine_to_send || list.mine_to_handle),
    rows: list.rows,
    onDropped: files.addDropped,
  });

  useEffect(() => {
    if (isShown && calledRow !== null) {
      const row = rowOf(root.current, calledRow);
      row?.scrollIntoView?.({ block: 'nearest' });
      row?.querySelector<HTMLElement>('[data-row-title]')?.focus();
    }
  }, [isShown, calledRow]);

  return (
    <div className={styles.view} ref={root} data-dragging={drops.isDragging || undefined}>
      <Progress item={item} list={list} />
      <ol className={styles.rows} aria-label={m.documents_list()}>
        {list.rows.map((row) => (
          <DocumentRow
            key={row.id}
            item={item}
            row={row}
            list={list}
            isOver={drops.overRow === row.id}
            isAdding={files.addingTo === row.id}
            onPick={() => void files.pick(row.id)}
            onSubmitted={setTransfer}
          />
        ))}
      </ol>
      {list.mine_to_send && list.undecided && list.rows.some((row) => row.required) && (
        <ReadyBox item={item} list={list} />
      )}
      {drops.homeless.length > 0 && (
        <DropDialog
          count={drops.homeless.length}
          rows={list.rows}
          onClose={drops.forget}
          onRow={(row) => void files.addDropped(row, drops.take())}
        />
      )}
      {transfer !== null && (
        <TransferBox
          transfer={transfer}
          row={list.rows.find((row) => row.id === transfer.row)}
          onClose={() => {
            setTransfer(null);
            rowFocus(rowOf(root.current, transfer.row))();
          }}
        />
      )}
    </div>
  );
}

function rowOf(root: HTMLElement | null, id: string): HTMLElement | null | undefined {
  return root?.querySelector<HTMLElement>(`[data-row-id="${id}"]`);
}

/** No line begins with the dot. */
const DOT = '\u00A0· ';

/** How many rows are done, and what the person is to do. */
function Progress({ item, list }: { item: CaseView; list: DocumentList }) {
  const { locale } = useLocale();
  const { needed, settled, accepted, onTheWay } = tally(list.rows);
  const details = [
    accepted > 0 && m.documents_accepted({ count: accepted }),
    onTheWay > 0 && m.documents_on_the_way({ count: onTheWay }),
  ].filter((each) => each !== false);
  return (
    <header className={styles.head}>
      <div className={styles.tally}>
        <h2 className={styles.title}>{m.documents_title()}</h2>
        {needed > 0 && (
          <p className={styles.count} data-testid="documents-count" role="status">
            <strong>{m.documents_settled({ count: settled, total: needed })}</strong>
            {details.length > 0 && `${DOT}${details.join(DOT)}`}
          </p>
        )}
      </div>
      {needed > 0 && <Bar value={settled} max={needed} />}
      {list.mine_to_send && (
        <p className={styles.lead}>{m.documents_lead({ max: fileSize(list.max_bytes, locale) })}</p>
      )}
      {list.mine_to_handle && list.ready.at !== null && (
        <p data-testid="ready-said">
          <Chip tone="ok" icon={CircleCheckBig}>
            {m.origin_ready()}
          </Chip>{' '}
          {m.ready_said_officer({ time: dateAndTime(list.ready.at, locale) })}
        </p>
      )}
      {list.mine_to_handle && list.undecided && <Completion item={item} list={list} />}
    </header>
  );
}
