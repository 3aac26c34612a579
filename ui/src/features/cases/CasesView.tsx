import { FolderOpen, Inbox } from 'lucide-react';
import { type ReactNode, useId, useRef } from 'react';
import type { CaseView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { EmptyState } from '../../shared/components/EmptyState';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import { useRead } from '../../shared/rpc/queries';
import { useNarrow } from '../../shared/use-narrow';
import { CaseHeader } from './CaseHeader';
import { CaseList, STOP } from './CaseList';
import styles from './Cases.module.css';

type CasesViewProps = {
  /** Kept outside, so that it survives a visit to another view. */
  selected: string | null;
  onSelect: (caseId: string | null) => void;
  /** What is done in the open case, below its header. */
  children: (item: CaseView) => ReactNode;
  /** What is read beside the open case, if anything is; the list makes room for it. */
  beside: (item: CaseView) => ReactNode;
};

/** The cases to the left, the chosen one to the right. */
export function CasesView({ selected, onSelect, children, beside }: CasesViewProps) {
  const { data: cases, error, refetch } = useRead('cases.list', {});
  const narrow = useNarrow();
  const titleId = useId();
  const list = useRef<HTMLDivElement>(null);
  const caseTitle = useRef<HTMLHeadingElement>(null);
  // Whoever has one case is in it at once; there is nothing to choose from (KW-15).
  const only = cases?.length === 1 ? cases[0] : undefined;
  const item = only ?? cases?.find((each) => each.id === selected);

  function select(caseId: string): void {
    onSelect(caseId);
    if (narrow) {
      // The list goes away under the focus.
      requestAnimationFrame(() => caseTitle.current?.focus());
    }
  }

  function back(): void {
    onSelect(null);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(STOP)?.focus());
  }

  const third = item === undefined ? null : beside(item);

  return (
    <div
      className={styles.panes}
      data-beside={third === null ? undefined : true}
      data-open={item === undefined ? undefined : true}
      data-single={only === undefined ? undefined : true}
    >
      {only === undefined && (
        <section className={styles.list} aria-labelledby={titleId}>
          <ListTitle id={titleId} isPageTitle={item === undefined} />
          <div className={styles.scroll} data-scroller>
            {cases !== undefined && cases.length > 0 && (
              <CaseList list={list} cases={cases} selected={item?.id ?? null} onSelect={select} />
            )}
            {cases?.length === 0 && (
              <EmptyState icon={Inbox} title={m.cases_empty()} hint={m.cases_empty_hint()} />
            )}
            {cases === undefined && error === null && <Loading />}
            {cases === undefined && error !== null && (
              <FaultView fault={error} onRetry={() => void refetch()} />
            )}
          </div>
        </section>
      )}
      <section className={styles.detail} aria-label={item?.title ?? m.cases_pick()}>
        <div className={styles.scroll} key={item?.id ?? ''} data-scroller>
          {item !== undefined && (
            <>
              <CaseHeader
                item={item}
                onBack={only === undefined ? back : null}
                titleRef={caseTitle}
              />
              {children(item)}
            </>
          )}
          {item === undefined && cases !== undefined && cases.length > 0 && (
            <EmptyState icon={FolderOpen} title={m.cases_pick()} hint={m.cases_pick_hint()} />
          )}
        </div>
      </section>
      {third !== null && <div className={styles.beside}>{third}</div>}
    </div>
  );
}

/** The page's title while no case is open; then the case has that place. */
function ListTitle({ id, isPageTitle }: { id: string; isPageTitle: boolean }) {
  const Level = isPageTitle ? 'h1' : 'h2';
  return (
    <Level id={id} tabIndex={-1} className={styles.listTitle}>
      {m.cases_title()}
    </Level>
  );
}
