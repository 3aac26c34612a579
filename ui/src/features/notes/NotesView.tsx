import { useQueryClient } from '@tanstack/react-query';
import { NotebookPen, Pencil, Trash2 } from 'lucide-react';
import { useCallback, useId, useRef, useState } from 'react';
import type { NoteList, NoteView } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { AreaField } from '../../shared/components/AreaField';
import { Button } from '../../shared/components/Button';
import { ChangedMeanwhile } from '../../shared/components/ChangedMeanwhile';
import { Dialog } from '../../shared/components/Dialog';
import { EmptyState } from '../../shared/components/EmptyState';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import { Notice } from '../../shared/components/Notice';
import { StateChip } from '../../shared/components/StateChip';
import type { SaveContent } from '../../shared/drafts/drafts';
import { useDraftField, useDrafts, useOpened } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { rejectionText } from '../../shared/errors/rejections';
import { usePlatform } from '../../shared/rpc/platform-context';
import { keepInCache, useRead } from '../../shared/rpc/queries';
import { lengthOf } from '../../shared/text-length';
import styles from './Notes.module.css';

/** What the officers of a case write down for each other. Mount it with the case's id as its key. */
export default function NotesView({ caseId }: { caseId: string }) {
  const titleId = useId();
  const { data, error, refetch } = useRead('notes.list', { case: caseId });
  if (data === undefined) {
    return error === null ? (
      <Loading />
    ) : (
      <FaultView fault={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <section className={styles.view} aria-labelledby={titleId} data-testid="notes">
      <header className={styles.head}>
        <h2 id={titleId} className={styles.title}>
          {m.notes_title()}
        </h2>
        <p className={styles.hint}>{m.notes_private()}</p>
      </header>
      {data.mine_to_write && <NewNote caseId={caseId} list={data} />}
      {data.notes.length === 0 ? (
        <EmptyState icon={NotebookPen} title={m.notes_empty()} hint={m.notes_empty_hint()} />
      ) : (
        <ol className={styles.list} aria-label={m.notes_title()}>
          {data.notes.map((note) => (
            <Note key={note.id} caseId={caseId} note={note} list={data} />
          ))}
        </ol>
      )}
    </section>
  );
}

function NewNote({ caseId, list }: { caseId: string; list: NoteList }) {
  const platform = usePlatform();
  const client = useQueryClient();
  const save = useCallback<SaveContent>(
    async ({ text }) => {
      await platform.call('notes.save', { case: caseId, text });
      await keepInCache(client, 'notes.list', { case: caseId }, (old) => ({ ...old, draft: text }));
    },
    [platform, client, caseId],
  );
  return (
    <NoteForm
      draftKey={`note/${caseId}`}
      stored={list.draft}
      save={save}
      max={list.max}
      label={m.notes_new()}
      action={m.notes_write()}
      onSend={(text) => platform.call('notes.write', { case: caseId, text })}
      onSent={() => {}}
      testId="note-text"
    />
  );
}

type NoteFormProps = {
  draftKey: string;
  stored: string;
  save: SaveContent;
  max: number;
  label: string;
  action: string;
  onSend: (text: string) => Promise<unknown>;
  onSent: () => void;
  onCancel?: () => void;
  testId: string;
};

/** Where a note is written or changed; kept while it is. */
function NoteForm({
  draftKey,
  stored,
  save,
  max,
  label,
  action,
  onSend,
  onSent,
  onCancel,
  testId,
}: NoteFormProps) {
  const drafts = useDrafts();
  const field = useRef<HTMLTextAreaElement>(null);
  const [isBlank, setBlank] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const { draft, write, flush } = useDraftField(draftKey, { text: stored, type: '' }, save);

  async function send(): Promise<void> {
    if (busy) {
      return;
    }
    if (draft.text.trim() === '') {
      setBlank(true);
      field.current?.focus();
      return;
    }
    if (lengthOf(draft.text) > max) {
      field.current?.focus();
      return;
    }
    setBusy(true);
    setFault(null);
    try {
      await drafts.settle(draftKey);
      await onSend(draft.text);
      drafts.done(draftKey, draft.text);
      onSent();
    } catch (thrown) {
      write({ text: draft.text, type: '' });
      setFault(toFault(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <AreaField
        ref={field}
        label={label}
        hint={m.notes_hint()}
        text={draft.text}
        max={max}
        rows={4}
        error={isBlank ? m.notes_blank() : null}
        readOnly={busy}
        onChange={(text) => {
          setBlank(false);
          write({ text, type: '' });
        }}
        onBlur={() => void flush()}
        testId={testId}
      />
      {draft.status === 'failed' && draft.fault !== null && (
        <Notice severity="error">{m.draft_failed({ reason: faultText(draft.fault) })}</Notice>
      )}
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
      <div className={styles.acts}>
        <Button type="submit" isPending={busy} data-testid={`${testId}-send`}>
          {action}
        </Button>
        {onCancel !== undefined && <Button onPress={onCancel}>{m.message_cancel()}</Button>}
      </div>
    </form>
  );
}

type ChangeNoteProps = { caseId: string; note: NoteView; max: number; onClose: () => void };

/** What its author has changed at another computer since this was begun is shown before it is written over. */
function ChangeNote({ caseId, note, max, onClose }: ChangeNoteProps) {
  const platform = usePlatform();
  const client = useQueryClient();
  const drafts = useDrafts();
  const { id } = note;
  const key = `note-change/${id}`;
  const hasDraft = note.draft !== null && note.draft !== '';
  const [changes, setChanges] = useState(hasDraft ? note.begun_from : note.changes);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const save = useCallback<SaveContent>(
    async ({ text }) => {
      await platform.call('notes.change_save', { note: id, changes, text });
      await keepInCache(client, 'notes.list', { case: caseId }, (old) => ({
        ...old,
        notes: old.notes.map((each) =>
          each.id === id ? { ...each, begun_from: changes, draft: text } : each,
        ),
      }));
    },
    [platform, client, caseId, id, changes],
  );

  async function cancel(): Promise<void> {
    try {
      await drafts.settle(key);
      await platform.call('notes.change_discard', { note: id });
      drafts.done(key, drafts.get(key)?.text ?? '');
      onClose();
    } catch (thrown) {
      setFault(toFault(thrown));
    }
  }

  return (
    <>
      {note.changes !== changes && (
        <ChangedMeanwhile
          told={m.notes_changed_meanwhile()}
          text={note.text}
          onRead={() => setChanges(note.changes)}
          testId="note"
        />
      )}
      <NoteForm
        draftKey={key}
        stored={hasDraft && note.draft !== null ? note.draft : note.text}
        save={save}
        max={max}
        label={m.notes_change()}
        action={m.notes_save_change()}
        onSend={(text) => platform.call('notes.change', { note: id, changes, text })}
        onSent={onClose}
        onCancel={() => void cancel()}
        testId="note-change-text"
      />
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
    </>
  );
}

function Note({ caseId, note, list }: { caseId: string; note: NoteView; list: NoteList }) {
  const { locale } = useLocale();
  const platform = usePlatform();
  const drafts = useDrafts();
  const key = `note-change/${note.id}`;
  const isOpen = useOpened(key) || (note.draft !== null && note.draft !== '');
  const [isAsking, setAsking] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const canChange = note.mine && list.mine_to_write;

  function close(): void {
    drafts.setOpened(key, false);
    requestAnimationFrame(() => opener.current?.focus());
  }

  async function remove(): Promise<void> {
    setAsking(false);
    setFault(null);
    try {
      await platform.call('notes.remove', { note: note.id });
    } catch (thrown) {
      setFault(toFault(thrown));
    }
  }

  return (
    <li className={styles.note} data-testid="note" data-state={note.state}>
      <div className={styles.top}>
        <span className={styles.meta}>
          <strong>{note.mine ? m.message_mine() : note.author}</strong>,{' '}
          <time dateTime={note.at}>{dateAndTime(note.at, locale)}</time>
          {note.changed_at !== null &&
            ` · ${m.notes_changed({ time: dateAndTime(note.changed_at, locale) })}`}
        </span>
        {note.state !== 'received' && <StateChip state={note.state} />}
        {canChange && !isOpen && (
          <span className={styles.acts}>
            <Button
              ref={opener}
              size="icon"
              look="quiet"
              aria-label={m.notes_change_label({ time: dateAndTime(note.at, locale) })}
              onPress={() => drafts.setOpened(key, true)}
              data-testid="note-change"
            >
              <Pencil size={15} aria-hidden />
            </Button>
            <Button
              size="icon"
              look="quiet"
              aria-label={m.notes_remove_label({ time: dateAndTime(note.at, locale) })}
              onPress={() => setAsking(true)}
              data-testid="note-remove"
            >
              <Trash2 size={15} aria-hidden />
            </Button>
          </span>
        )}
      </div>
      {canChange && isOpen ? (
        <ChangeNote caseId={caseId} note={note} max={list.max} onClose={close} />
      ) : (
        <p className={styles.text}>{note.text}</p>
      )}
      {note.reason !== null && <p className={styles.bad}>{rejectionText(note.reason)}</p>}
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
      {isAsking && (
        <Dialog
          isOpen
          onClose={() => setAsking(false)}
          title={m.notes_remove_title()}
          role="alertdialog"
          actions={
            <>
              <Button onPress={() => setAsking(false)}>{m.message_cancel()}</Button>
              <Button
                look="danger"
                autoFocus
                onPress={() => void remove()}
                data-testid="confirm-remove-note"
              >
                {m.notes_remove()}
              </Button>
            </>
          }
        >
          <p>{m.notes_remove_text()}</p>
        </Dialog>
      )}
    </li>
  );
}
