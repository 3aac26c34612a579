import { ChevronRight, FilePlus, Info } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import {
  Button as AriaButton,
  Dialog,
  DialogTrigger,
  Heading,
  Popover,
} from 'react-aria-components';
import type { CaseView, DocumentList, RowView } from '../../generated/rpc';
import { fileSize } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { DocumentCard } from './DocumentCard';
import { useMemory } from './documents-context';
import { PickedCard } from './PickedCard';
import styles from './Row.module.css';
import { RowChip } from './RowChip';
import { splitDocuments, standOf, takesFiles } from './row-state';
import type { Transfer } from './TransferBox';
import { UnusableFiles } from './UnusableFiles';

type DocumentRowProps = {
  item: CaseView;
  row: RowView;
  list: DocumentList;
  /** Files are being dragged over it. */
  isOver: boolean;
  /** Files are being brought to it. */
  isAdding: boolean;
  onPick: () => void;
  onSubmitted: (transfer: Transfer) => void;
};

/** One document that the case asks for: what it is, where it stands, and its files. */
export function DocumentRow({
  item,
  row,
  list,
  isOver,
  isAdding,
  onPick,
  onSubmitted,
}: DocumentRowProps) {
  const { locale } = useLocale();
  const memory = useMemory();
  const titleId = useId();
  const { now, before } = splitDocuments(row);
  const stand = standOf(row);
  const canAdd = list.mine_to_send && takesFiles(row);
  const picked = row.picked.filter((each) => each.file === null || !memory.leaving.has(each.file));
  const unusable = memory.unusable.get(row.id) ?? [];
  const name = row.name[locale];
  // What became of a document is said once: by the row, or by each of its files if it takes several.
  const eachSays = !row.required && now.length > 1;
  return (
    <li
      className={styles.row}
      aria-labelledby={titleId}
      data-testid="row"
      data-row-id={row.id}
      data-state={row.state}
      data-stand={stand}
      data-over={isOver || undefined}
    >
      <div className={styles.head}>
        <h3 id={titleId} className={styles.title} tabIndex={-1} data-row-title>
          {name}
        </h3>
        <RowHelp name={name} help={row.help[locale]} />
        {!row.required && <span className={styles.optional}>{m.row_optional()}</span>}
        {!(eachSays && (stand === 'accepted' || stand === 'again')) && (
          <span className={styles.chip}>
            <RowChip stand={stand} isMine={list.mine_to_handle} />
          </span>
        )}
      </div>
      {stand === 'again' && list.mine_to_send && <p className={styles.again}>{m.row_send_new()}</p>}
      {now.map((document) => (
        <DocumentCard
          key={document.id}
          item={item}
          document={document}
          canHandle={list.mine_to_handle}
          maxReason={list.max_note}
          saysOutcome={eachSays}
        />
      ))}
      {picked.map((file) => (
        <PickedCard
          key={file.file ?? file.name}
          caseId={item.id}
          file={file}
          maxNote={list.max_note}
          replaces={row.required && stand !== 'missing' && stand !== 'again'}
          onSubmitted={() =>
            onSubmitted({
              row: row.id,
              name: file.name,
              before: row.documents.map((each) => each.id),
            })
          }
        />
      ))}
      {unusable.length > 0 && (
        <UnusableFiles files={unusable} onForget={() => memory.forgetUnusable(row.id)} />
      )}
      {canAdd && (
        <div className={styles.drop} data-quiet={now.length + picked.length > 0 || undefined}>
          <Button
            size={now.length > 0 ? 'small' : 'normal'}
            isPending={isAdding}
            aria-label={(now.length > 0 ? m.row_pick_new_label : m.row_pick_label)({ name })}
            onPress={onPick}
            data-testid="pick"
          >
            <FilePlus size={15} aria-hidden />
            {now.length > 0 ? m.row_pick_new() : m.row_pick()}
          </Button>
          <span className={styles.hint}>
            {isOver ? m.row_drop_here() : m.row_drop({ max: fileSize(list.max_bytes, locale) })}
          </span>
        </div>
      )}
      {!canAdd && now.length === 0 && <p className={styles.hint}>{m.row_nothing_sent()}</p>}
      {before.length > 0 && (
        <Before
          count={before.length}
          // An unfinished text is not to be looked for.
          opens={before.some((document) => document.refusal_draft !== '')}
        >
          {before.map((document) => (
            <DocumentCard
              key={document.id}
              item={item}
              document={document}
              canHandle={false}
              maxReason={list.max_note}
              saysOutcome
            />
          ))}
        </Before>
      )}
    </li>
  );
}

/** The blue "i" after the name (KW-67): what the document must contain. */
function RowHelp({ name, help }: { name: string; help: string }) {
  return (
    <DialogTrigger>
      <AriaButton
        className={styles.help ?? ''}
        aria-label={m.row_help_label({ name })}
        data-testid="row-help"
      >
        <Info size={16} aria-hidden />
      </AriaButton>
      <Popover className={styles.popover ?? ''} placement="bottom start">
        <Dialog className={styles.helpBox ?? ''}>
          <Heading slot="title" level={4} className={styles.helpTitle ?? ''}>
            {name}
          </Heading>
          <p>{help}</p>
          <p className={styles.hint}>{m.row_help_signed()}</p>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

type BeforeProps = {
  count: number;
  /** Whether it is open until the person chooses. */
  opens: boolean;
  children: ReactNode;
};

/** What was replaced or found insufficient before. */
function Before({ count, opens, children }: BeforeProps) {
  const [chosen, choose] = useState<boolean | null>(null);
  const isOpen = chosen ?? opens;
  const id = useId();
  return (
    <div className={styles.before}>
      <AriaButton
        className={styles.disclose ?? ''}
        aria-expanded={isOpen}
        {...(isOpen && { 'aria-controls': id })}
        onPress={() => choose(!isOpen)}
        data-testid="row-history"
      >
        <ChevronRight size={15} aria-hidden />
        {m.row_before({ count })}
      </AriaButton>
      {isOpen && (
        <div id={id} className={styles.beforeList}>
          {children}
        </div>
      )}
    </div>
  );
}
