import { ArrowDown, ArrowUp } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { ArchiveRow } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Windowed } from '../../shared/windowed/Windowed';
import styles from './Archive.module.css';
import { ArchiveLine } from './ArchiveLine';
import type { Order } from './ArchiveView';

/** A row of one line, in CSS pixels. */
const ROW_PX = 45;

const COLUMNS: ReadonlyArray<{ by: Order['by']; name: () => string }> = [
  { by: 'name', name: () => m.archive_column_name() },
  { by: 'type', name: () => m.archive_column_type() },
  { by: 'received', name: () => m.archive_column_received() },
  { by: 'size', name: () => m.archive_column_size() },
  { by: 'state', name: () => m.archive_column_state() },
  { by: 'origin', name: () => m.archive_column_origin() },
];

/** A place in the list, and its row once it is here. */
export type ArchiveItem = { index: number; row: ArchiveRow | undefined };

type ArchiveTableProps = {
  items: readonly ArchiveItem[];
  onRange: (first: number, end: number) => void;
  order: Order;
  onSort: (by: Order['by']) => void;
  actions: (row: ArchiveRow) => ReactNode;
};

/** One row a document; a heading sorts, and once more the other way (KW-54). */
export function ArchiveTable({ items, onRange, order, onSort, actions }: ArchiveTableProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: of thousands of rows only those near the eye are drawn
    <div
      role="table"
      className={styles.table}
      aria-label={m.archive_title()}
      aria-rowcount={items.length + 1}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as the table */}
      <div role="rowgroup" className={styles.heads}>
        {/* biome-ignore lint/a11y/useSemanticElements: as the table */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: its buttons are */}
        <div role="row" className={styles.row} aria-rowindex={1}>
          {COLUMNS.map(({ by, name }) => (
            <Heading key={by} by={by} name={name()} order={order} onSort={onSort} />
          ))}
          {/* biome-ignore lint/a11y/useSemanticElements: as the table */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: there is nothing to press */}
          <span role="columnheader" className={styles.actionsHead}>
            {m.archive_column_actions()}
          </span>
        </div>
      </div>
      <Windowed
        role="rowgroup"
        items={items}
        keyOf={keyOf}
        estimate={ROW_PX}
        label={m.archive_title()}
        kept={[]}
        onKeyDown={moveBetweenRows}
        onRange={onRange}
        render={({ row }, place) =>
          row === undefined ? (
            <div style={{ height: ROW_PX }} aria-hidden />
          ) : (
            <ArchiveLine
              key={row.document}
              row={row}
              index={place['aria-posinset'] + 1}
              actions={actions(row)}
            />
          )
        }
      />
    </div>
  );
}

/** By its place: between two pages of which one is older, a row may stand twice for a moment. */
function keyOf({ index }: ArchiveItem): string {
  return String(index);
}

type HeadingProps = {
  by: Order['by'];
  name: string;
  order: Order;
  onSort: (by: Order['by']) => void;
};

function Heading({ by, name, order, onSort }: HeadingProps) {
  const isSorted = order.by === by;
  const Arrow = order.descending ? ArrowDown : ArrowUp;
  const direction = order.descending ? 'descending' : 'ascending';
  return (
    // biome-ignore lint/a11y/useSemanticElements: as the table
    // biome-ignore lint/a11y/useFocusableInteractive: its button is
    <span role="columnheader" aria-sort={isSorted ? direction : 'none'} data-column={by}>
      <AriaButton
        className={styles.sort ?? ''}
        onPress={() => onSort(by)}
        data-testid={`sort-${by}`}
      >
        <span className={styles.sortName}>{name}</span>
        {isSorted && <Arrow size={13} aria-hidden />}
      </AriaButton>
    </span>
  );
}

/** Up and down go to the same button of the next row, so that nobody tabs through all of them. */
function moveBetweenRows(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = (event.target as Element).closest('[data-row-key]');
  if (step === undefined || row === null) {
    return;
  }
  const rows = [...(row.parentElement?.querySelectorAll(':scope > [data-row-key]') ?? [])];
  const buttons = (of: Element | undefined) => [...(of?.querySelectorAll('button') ?? [])];
  const there = buttons(rows[rows.indexOf(row) + step]);
  const place = buttons(row).indexOf(event.target as HTMLButtonElement);
  const next = there[place] ?? there.at(-1);
  if (next !== undefined) {
    event.preventDefault();
    next.focus();
  }
}
