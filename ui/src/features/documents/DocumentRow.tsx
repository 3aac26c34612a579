import { Archive, ChevronRight, FilePlus, Info, Mailbox } from 'lucide-react';
import { type ReactNode, useId, useRef, useState } from 'react';
import {
  Button as AriaButton,
  Dialog,
  DialogTrigger,
  Heading,
  Popover,
} from 'react-aria-components';
import type { AskedView, CaseView, DocumentList, RowView } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { ArchiveDialog } from './ArchiveDialog';
import { DocumentCard } from './DocumentCard';
import { useMemory } from './documents-context';
import { ExplanationCard } from './ExplanationCard';
import { explanationKey, useSaveExplanation } from './explanation-draft';
import { LeftReason } from './LeftReason';
import { PickedCard } from './PickedCard';
import styles from './Row.module.css';
import { RowChip } from './RowChip';
import rows from './Rows.module.css';
import { rowFocus } from './row-focus';
import { reasonOf, splitDocuments, standOf, takesFiles, takesReason } from './row-state';
import { SendDialog } from './SendDialog';
import { TemplateButton } from './TemplateButton';
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
  const filled = now.length + row.explanations.length > 0;
  const stand = standOf(row);
  const canAdd = (list.mine_to_send || list.mine_to_handle) && takesFiles(row);
  const [isSending, setSending] = useState(false);
  const [isTaking, setTaking] = useState(false);
  const saveExplanation = useSaveExplanation(item.id, row.id);
  const sender = useRef<HTMLButtonElement>(null);
  const reason = reasonOf(row);
  const reasonsBefore = row.explanations.filter((each) => each !== reason);
  const shownReasons = [
    ...(reason === undefined ? [] : [reason]),
    ...reasonsBefore.filter((each) => each.state !== 'received'),
  ];
  const oldReasons = reasonsBefore.filter((each) => each.state === 'received');
  const picked = row.picked.filter((each) => each.file === null || !memory.leaving.has(each.file));
  const unusable = memory.unusable.get(row.id) ?? [];
  const name = row.name[locale];
  const [archived] = row.archive;
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
        <span className={styles.end}>
          {!(eachSays && (stand === 'accepted' || stand === 'again')) && (
            <RowChip stand={stand} isMine={list.mine_to_handle} />
          )}
          <TemplateButton caseId={item.id} row={row} />
        </span>
      </div>
      {row.asked !== null && <AskedFor asked={row.asked} />}
      {stand === 'again' && list.mine_to_send && <p className={styles.again}>{m.row_send_new()}</p>}
      {row.taken !== null && (
        <p className={styles.hint}>
          {m.row_taken({
            number: row.documents[0]?.from_case ?? '',
            name: row.taken.by,
            time: dateAndTime(row.taken.at, locale),
          })}
        </p>
      )}
      {now.map((document) => (
        <DocumentCard
          key={document.id}
          item={item}
          document={document}
          canHandle={list.mine_to_handle}
          maxReason={list.max_note}
          usual={row.refusal_reasons}
          saysOutcome={eachSays}
        />
      ))}
      {shownReasons.map((each) => (
        <ExplanationCard
          key={each.id}
          caseId={item.id}
          row={row}
          explanation={each}
          canHandle={list.mine_to_handle && list.undecided}
          maxReason={list.max_note}
        />
      ))}
      {picked.map((file) => (
        <PickedCard
          key={file.file ?? file.name}
          caseId={item.id}
          file={file}
          row={row}
          list={list}
          replaces={row.required && (stand === 'waiting' || stand === 'leaving')}
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
      {list.mine_to_send && archived !== undefined && row.awaited && (
        <p className={styles.hint}>
          {m.row_archive_known({ name: archived.name, number: archived.number })}
        </p>
      )}
      {canAdd && (
        <div className={styles.drop} data-quiet={filled || picked.length > 0 || undefined}>
          {list.mine_to_send ? (
            <Button
              ref={sender}
              size={filled ? 'small' : 'normal'}
              isPending={isAdding}
              aria-label={m.row_send_label({ name })}
              onPress={() => setSending(true)}
              data-testid="send-or-tell"
            >
              <FilePlus size={15} aria-hidden />
              {m.row_send()}
            </Button>
          ) : (
            <Button
              ref={sender}
              size="small"
              isPending={isAdding}
              aria-label={m.row_post_label({ name })}
              onPress={onPick}
              data-testid="add-post"
            >
              <Mailbox size={15} aria-hidden />
              {m.row_post()}
            </Button>
          )}
          {list.mine_to_handle && list.undecided && archived !== undefined && (
            <Button
              size="small"
              aria-label={m.row_archive_label({ name })}
              onPress={() => setTaking(true)}
              data-testid="take-from-archive"
            >
              <Archive size={15} aria-hidden />
              {m.row_archive()}
            </Button>
          )}
          <span className={styles.hint}>{dropHint(isOver, list.mine_to_send)}</span>
        </div>
      )}
      {list.mine_to_send && !(canAdd && list.undecided && takesReason(row)) && (
        <LeftReason
          draftKey={explanationKey(row.id)}
          save={saveExplanation}
          stored={row.explanation_draft.reason}
          name={name}
          text={m.left_explanation()}
        />
      )}
      {isSending && (
        <SendDialog
          caseId={item.id}
          row={row}
          list={list}
          onPick={() => {
            setSending(false);
            onPick();
          }}
          onClose={() => {
            setSending(false);
            rowFocus(sender.current)();
          }}
        />
      )}
      {isTaking && (
        <ArchiveDialog
          caseId={item.id}
          row={row}
          onClose={() => {
            setTaking(false);
            rowFocus(sender.current)();
          }}
        />
      )}
      {!list.mine_to_send && !filled && picked.length === 0 && (
        <p className={styles.hint}>{m.row_nothing_sent()}</p>
      )}
      {before.length + oldReasons.length > 0 && (
        <Before
          count={before.length + oldReasons.length}
          // An unfinished text is not to be looked for.
          opens={[...before, ...oldReasons].some((each) => each.refusal_draft !== '')}
        >
          {oldReasons.map((each) => (
            <ExplanationCard
              key={each.id}
              caseId={item.id}
              row={row}
              explanation={each}
              canHandle={false}
              maxReason={list.max_note}
            />
          ))}
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

function dropHint(isOver: boolean, mineToSend: boolean): string {
  if (isOver) {
    return m.row_drop_here();
  }
  return mineToSend ? m.row_drop_or() : m.row_post_hint();
}

/** What the officer has asked for (KW-39). */
function AskedFor({ asked }: { asked: AskedView }) {
  const { locale } = useLocale();
  return (
    <blockquote className={rows.asked} data-testid="asked">
      <span className={styles.hint}>
        {m.row_asked_by({ name: asked.by, time: dateAndTime(asked.at, locale) })}
      </span>
      {asked.text}
    </blockquote>
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
          <p className={styles.hint}>{m.row_help_scan()}</p>
          <p className={styles.hint}>{m.row_help_post()}</p>
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
