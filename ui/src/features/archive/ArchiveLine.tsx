import {
  CircleCheck,
  CircleX,
  HardDriveDownload,
  Hourglass,
  type LucideIcon,
  MonitorCheck,
  Replace,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { ArchiveRow } from '../../generated/rpc';
import { fileSize, plainDate } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Chip, type Tone } from '../../shared/components/Chip';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Archive.module.css';

const STATES: Record<ArchiveRow['handling'], { tone: Tone; icon: LucideIcon; word: () => string }> =
  {
    waiting: { tone: 'info', icon: Hourglass, word: () => m.archive_waiting() },
    accepted: { tone: 'ok', icon: CircleCheck, word: () => m.document_accepted() },
    refused: { tone: 'bad', icon: CircleX, word: () => m.document_refused() },
    replaced: { tone: 'none', icon: Replace, word: () => m.document_replaced() },
  };

type ArchiveLineProps = { row: ArchiveRow; index: number; actions: ReactNode };

/** One document, and what can be done with it. */
export function ArchiveLine({ row, index, actions }: ArchiveLineProps) {
  const { locale } = useLocale();
  const { tone, icon, word } = STATES[row.handling];
  const cells = [
    { id: 'name', content: <bdi>{row.name}</bdi> },
    { id: 'type', content: row.type_name[locale] },
    { id: 'received', content: <time dateTime={row.at}>{plainDate(row.at)}</time> },
    { id: 'size', content: fileSize(row.bytes, locale) },
    {
      id: 'state',
      content: (
        <Chip tone={tone} icon={icon}>
          {word()}
        </Chip>
      ),
    },
    { id: 'origin', content: <Origin row={row} /> },
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: as the table
    // biome-ignore lint/a11y/useFocusableInteractive: its buttons are
    <div
      role="row"
      className={styles.row}
      aria-rowindex={index}
      data-testid="archive-row"
      data-document={row.document}
    >
      {cells.map(({ id, content }) => (
        // biome-ignore lint/a11y/useSemanticElements: as the table
        <span role="cell" key={id} className={styles.cell} data-column={id}>
          {content}
        </span>
      ))}
      {/* biome-ignore lint/a11y/useSemanticElements: as the table */}
      <span role="cell" className={styles.actions}>
        <KeepOffline row={row} />
        {actions}
      </span>
    </div>
  );
}

/** Whether the file opens without a line, and the way to make it so. */
function KeepOffline({ row }: { row: ArchiveRow }) {
  const keep = useWrite('archive.keep');
  const toast = useToast();
  const { name, here, fetching } = row;
  if (here) {
    return (
      <span className={styles.here} title={m.archive_here()}>
        <MonitorCheck size={15} role="img" aria-label={m.archive_here()} />
      </span>
    );
  }
  if (fetching !== null) {
    const percent = fetching.total === 0 ? 0 : Math.floor((100 * fetching.done) / fetching.total);
    return <span className={styles.fetching}>{m.archive_fetching({ percent })}</span>;
  }
  return (
    <Button
      size="icon"
      aria-label={m.archive_keep({ name })}
      isPending={keep.isPending}
      onPress={() =>
        keep.mutate(
          { document: row.document },
          {
            onSuccess: () => toast({ text: () => m.archive_kept({ name }) }),
            onError: (fault) => toast({ text: () => faultText(fault) }),
          },
        )
      }
      data-testid="keep-offline"
    >
      <HardDriveDownload size={15} aria-hidden />
    </Button>
  );
}

/** Who sent it, and where from if not from here. */
function Origin({ row }: { row: ArchiveRow }) {
  return (
    <>
      <bdi>{row.origin}</bdi>
      {row.by_post && <span className={styles.from}>{m.document_by_post()}</span>}
      {row.from_case !== null && (
        <span className={styles.from}>{m.document_from_case({ number: row.from_case })}</span>
      )}
    </>
  );
}
