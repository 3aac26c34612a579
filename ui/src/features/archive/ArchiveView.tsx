import { Archive, FileStack } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { ArchiveAsked, ArchiveRow, ArchiveType } from '../../generated/rpc';
import { wholeNumber } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { EmptyState } from '../../shared/components/EmptyState';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import { SelectField } from '../../shared/components/SelectField';
import { useReads } from '../../shared/rpc/queries';
import styles from './Archive.module.css';
import { type ArchiveItem, ArchiveTable } from './ArchiveTable';

/** What the archive needs to know of a document to offer it for reading. */
type ToRead = { id: string; name: string; here: boolean; fetching: ArchiveRow['fetching'] };

type ArchiveViewProps = {
  caseId: string;
  /** Whether this is what the person looks at; else it stands by, hidden. */
  isShown: boolean;
  /** Whenever it changes, everything is shown again in the usual order (KW-56). */
  resetSignal: number;
  /** Opening a document and saving a copy of it. */
  actions: (document: ToRead) => ReactNode;
};

export type Order = Pick<ArchiveAsked, 'by' | 'descending'>;

/** Rows asked for at a time. */
const PAGE = 200;

/** The latest first. */
const USUAL: Order = { by: 'received', descending: true };

/** Every document of a certification (KW-51). Mount it with the case's id as its key. */
export default function ArchiveView({ caseId, resetSignal, actions }: ArchiveViewProps) {
  const { locale } = useLocale();
  const [order, setOrder] = useState<Order>(USUAL);
  const [only, setOnly] = useState<string | null>(null);
  // The pages near the eye, from the first one on: the first also says how many rows there are.
  const [pages, setPages] = useState<readonly number[]>([0]);
  const asked = { case: caseId, ...order, only, language: locale };
  const answers = useReads(
    'archive.list',
    pages.map((page) => ({ ...asked, from: page * PAGE, limit: PAGE })),
  );
  const [first] = answers;
  const data = first?.data;
  const total = data?.total ?? 0;
  const state = JSON.stringify([asked, pages, answers.map((it) => it.dataUpdatedAt)]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the state says all that they depend on
  const items = useMemo(
    () =>
      Array.from({ length: total }, (_, index): ArchiveItem => {
        const page = answers[pages.indexOf(Math.floor(index / PAGE))];
        return { index, row: page?.data?.rows[index % PAGE] };
      }),
    [total, state],
  );
  const failed = answers.find(({ error }) => error !== null);
  // What there is to choose stays while the rows are asked for.
  const [types, setTypes] = useState<readonly ArchiveType[]>([]);
  const look = useCallback((from: number, end: number) => {
    setPages((old) => {
      const next = pagesFor(from, end);
      return next.join() === old.join() ? old : next;
    });
  }, []);

  useEffect(() => {
    if (data !== undefined) {
      setTypes(data.types);
    }
  }, [data]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signal says when
  useEffect(() => {
    setOrder(USUAL);
    setOnly(null);
  }, [resetSignal]);

  function sort(by: Order['by']): void {
    setOrder((now) => ({ by, descending: now.by === by && !now.descending }));
  }

  if (data !== undefined && data.types.length === 0) {
    return <EmptyState icon={Archive} title={m.archive_empty()} hint={m.archive_empty_hint()} />;
  }
  const showAll = (
    <Button onPress={() => setOnly(null)} data-testid="archive-show-all">
      {m.archive_show_all()}
    </Button>
  );
  return (
    <div className={styles.view} data-testid="archive">
      <header className={styles.head}>
        <div>
          <h2 className={styles.title}>{m.archive_title()}</h2>
          <p className={styles.count} role="status">
            {data !== undefined &&
              m.archive_count({ count: data.total, shown: wholeNumber(data.total, locale) })}
          </p>
        </div>
        <div className={styles.filter}>
          <SelectField
            label={m.archive_filter()}
            choices={[
              { id: '', name: m.archive_all_types() },
              ...types.map(({ code, name }) => ({ id: code, name: name[locale] })),
            ]}
            selected={only ?? ''}
            onSelect={(code) => setOnly(code === '' ? null : code)}
            testId="archive-filter"
          />
          {only !== null && showAll}
        </div>
      </header>
      {data !== undefined && data.total === 0 ? (
        <EmptyState
          icon={FileStack}
          title={m.archive_none_of_type()}
          hint={m.archive_none_of_type_hint()}
        />
      ) : (
        <ArchiveTable
          items={items}
          onRange={look}
          order={order}
          onSort={sort}
          actions={({ document, name, here, fetching }) =>
            actions({ id: document, name, here, fetching })
          }
        />
      )}
      {failed?.error != null ? (
        <FaultView fault={failed.error} onRetry={() => void failed.refetch()} />
      ) : (
        data === undefined && <Loading />
      )}
    </div>
  );
}

/** The pages that hold these rows, and the first. */
function pagesFor(from: number, end: number): number[] {
  const pages = [0];
  for (let page = Math.max(1, Math.floor(from / PAGE)); page * PAGE < end; page += 1) {
    pages.push(page);
  }
  return pages;
}
