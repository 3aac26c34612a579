import { useQueryClient } from '@tanstack/react-query';
import { FileUp, PencilLine, SendHorizontal, Trash2, TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from 'react';
import type { DraftPlace, MessageList } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { SelectField } from '../../shared/components/SelectField';
import type { Content, Draft } from '../../shared/drafts/drafts';
import { useDraftField, useDrafts } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { lengthOf } from '../../shared/text-length';
import { TextTools } from '../../shared/text-tools';
import styles from './Composer.module.css';
import { DiscardDialog } from './DiscardDialog';
import { DraftHistory } from './DraftHistory';
import { MakeDocumentDialog, type OnMadeDocument } from './MakeDocumentDialog';
import { MessageField } from './MessageField';
import { contentOf, draftAt, keyOf, saveDraft } from './places';
import { useComposerActs } from './use-composer-acts';

type ComposerProps = {
  place: DraftPlace;
  list: MessageList;
  /** The type of the conversation; null where the person picks one for a new one. */
  threadType: string | null;
  /** What stands above the field. */
  title: string;
  /** Whether a text that is too long can be sent as a document. */
  canBeDocument: boolean;
  autoFocus: boolean;
  /** The field has gone; the focus has to go somewhere. */
  onClosed: () => void;
  onMadeDocument: OnMadeDocument;
};

/** Where a message is written: the same for a new one and for an answer. */
export function Composer({
  place,
  list,
  threadType,
  title,
  canBeDocument,
  autoFocus,
  onClosed,
  onMadeDocument,
}: ComposerProps) {
  const platform = usePlatform();
  const client = useQueryClient();
  const drafts = useDrafts();
  const titleId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [blank, setBlank] = useState(false);
  const [asking, setAsking] = useState<'discard' | 'close' | 'document' | null>(null);
  const acts = useComposerActs(place);
  const { case: caseId, thread } = place;
  const key = keyOf(place);
  const stored = contentOf(draftAt(list, thread), threadType ?? list.message_types[0]?.code ?? '');
  // What stood here when the field was opened: cancelling without a change needs no question.
  const [before] = useState(stored.text);
  const { draft, write, flush } = useDraftField(
    key,
    stored,
    useCallback(
      ({ text, type }: Content) =>
        saveDraft(platform, client, { case: caseId, thread, message_type: type, text }),
      [platform, client, caseId, thread],
    ),
  );
  const content = { text: draft.text, type: draft.type === '' ? stored.type : draft.type };
  const tooLong = lengthOf(draft.text) > list.max_length;
  const untyped = content.type === '';

  useEffect(() => {
    if (autoFocus && field.current !== null) {
      goTo(field.current);
    }
  }, [autoFocus]);

  function close(): void {
    drafts.setOpened(key, false);
    onClosed();
  }

  async function send(): Promise<void> {
    if (acts.busy || tooLong || untyped) {
      return;
    }
    if (draft.text.trim() === '') {
      setBlank(true);
      field.current?.focus();
    } else if (await acts.send(content)) {
      close();
    } else {
      field.current?.focus();
      // What went wrong stands below the button.
      requestAnimationFrame(() => bringIntoView(field.current));
    }
  }

  async function keep(): Promise<void> {
    await flush();
    if (drafts.get(key)?.status !== 'failed') {
      close();
    }
  }

  function cancel(): void {
    if (draft.text.trim() === '' || draft.text === before) {
      void flush();
      close();
    } else {
      setAsking('close');
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    // What is pressed in a dialog or in an input method's list is theirs.
    if (!event.currentTarget.contains(event.target as Node) || event.nativeEvent.isComposing) {
      return;
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    }
    if (event.key === 'Escape') {
      cancel();
    }
  }

  return (
    <section
      className={styles.composer}
      aria-labelledby={titleId}
      onKeyDown={onKeyDown}
      data-testid="composer"
    >
      <div className={styles.head}>
        <h3 id={titleId} className={styles.title}>
          {title}
        </h3>
        <DraftHistory
          place={place}
          text={draft.text}
          onRestore={async (version) => {
            if (await acts.restore(version, content.type)) {
              field.current?.focus();
            }
          }}
        />
      </div>
      {threadType === null && (
        <TypeField
          list={list}
          selected={content.type}
          onSelect={(type) => !acts.busy && write({ text: draft.text, type })}
        />
      )}
      <MessageField
        ref={field}
        text={draft.text}
        maxLength={list.max_length}
        blank={blank}
        canBeDocument={canBeDocument}
        readOnly={acts.busy}
        onChange={(text) => {
          setBlank(false);
          acts.forgetFault();
          write({ text, type: content.type });
        }}
        onBlur={() => void flush()}
      />
      <div className={styles.below}>
        <DraftState draft={draft} />
        <TextTools
          text={draft.text}
          onInsert={(text) => {
            setBlank(false);
            write({ text, type: content.type });
            focusAfterDialog(field);
          }}
        />
        {draft.text.trim() !== '' && (
          <Button
            look="quiet"
            size="small"
            onPress={() => setAsking('discard')}
            data-testid="discard-draft"
          >
            <Trash2 size={14} aria-hidden />
            {m.draft_discard()}
          </Button>
        )}
        <div className={styles.actions}>
          <Button onPress={cancel} data-testid="cancel-message">
            {m.message_cancel()}
          </Button>
          <Button onPress={() => void keep()} data-testid="save-draft">
            {m.message_keep()}
          </Button>
          {tooLong && canBeDocument ? (
            <Button
              look="primary"
              onPress={() => setAsking('document')}
              data-testid="make-document"
            >
              <FileUp size={15} aria-hidden />
              {m.message_make_document()}
            </Button>
          ) : (
            <Button
              look="primary"
              isDisabled={tooLong || untyped}
              isPending={acts.busy}
              onPress={() => void send()}
              data-testid="send"
            >
              <SendHorizontal size={15} aria-hidden />
              {acts.busy ? m.message_sending() : m.message_send()}
            </Button>
          )}
        </div>
      </div>
      {acts.fault !== null && (
        <Notice severity={FAULTS[acts.fault.code]?.severity ?? 'error'}>
          {faultText(acts.fault)}
        </Notice>
      )}
      <DiscardDialog
        isOpen={asking === 'discard' || asking === 'close'}
        backLabel={m.draft_continue()}
        onBack={() => {
          setAsking(null);
          focusAfterDialog(field);
        }}
        {...(asking === 'close' && {
          onKeep: () => {
            setAsking(null);
            void keep();
          },
        })}
        onDiscard={async () => {
          setAsking(null);
          if (await acts.discard(content)) {
            close();
          }
        }}
      />
      {asking === 'document' && (
        <MakeDocumentDialog
          caseId={caseId}
          onClose={() => setAsking(null)}
          make={(row, name) => acts.makeDocument(row, name, content)}
          onMade={(row, file) => {
            setAsking(null);
            drafts.setOpened(key, false);
            onMadeDocument(row, file);
          }}
        />
      )}
    </section>
  );
}

type TypeFieldProps = { list: MessageList; selected: string; onSelect: (type: string) => void };

/** What a new message is; the usual type is picked from the start. */
function TypeField({ list, selected, onSelect }: TypeFieldProps) {
  const { locale } = useLocale();
  if (list.message_types.length === 0) {
    return <p className={styles.missing}>{m.message_types_missing()}</p>;
  }
  return (
    <SelectField
      label={m.message_type()}
      choices={list.message_types.map((type) => ({ id: type.code, name: type.name[locale] }))}
      selected={selected}
      onSelect={onSelect}
      testId="message-type"
    />
  );
}

function bringIntoView(field: HTMLElement | null): void {
  field?.closest('section')?.scrollIntoView?.({ block: 'nearest' });
}

/** All of the composer comes into view, and writing goes on where the text ends. */
function goTo(field: HTMLTextAreaElement): void {
  bringIntoView(field);
  field.focus({ preventScroll: true });
  field.setSelectionRange(field.value.length, field.value.length);
}

/** The dialog gives the focus back to its opener, which may be gone; the field is the next best. */
function focusAfterDialog(field: { current: HTMLTextAreaElement | null }): void {
  setTimeout(() => field.current?.focus(), 50);
}

function DraftState({ draft }: { draft: Draft }) {
  const state = draft.text === '' && draft.status !== 'failed' ? 'none' : draft.status;
  return (
    <span className={styles.state} data-testid="draft-state" data-state={state}>
      {state === 'saved' && (
        <>
          <PencilLine size={14} aria-hidden />
          {m.draft_saved()}
        </>
      )}
      {state === 'pending' && (
        <>
          <PencilLine size={14} aria-hidden />
          {m.draft_pending()}
        </>
      )}
      {state === 'failed' && draft.fault !== null && (
        <span role="alert">
          <TriangleAlert size={14} aria-hidden />{' '}
          {m.draft_failed({ reason: faultText(draft.fault) })}
        </span>
      )}
    </span>
  );
}
