import { MessageSquarePlus, MessagesSquare, SearchX } from 'lucide-react';
import { type RefObject, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type {
  CaseView,
  DraftPlace,
  MessageList,
  MessageView,
  ThreadView,
} from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { afterPaint } from '../../shared/after-paint';
import { Button } from '../../shared/components/Button';
import { EmptyState } from '../../shared/components/EmptyState';
import { useDrafts, useOpened } from '../../shared/drafts/drafts-context';
import type { Goto } from '../../shared/goto';
import { Windowed } from '../../shared/windowed/Windowed';
import { Composer } from './Composer';
import styles from './Conversations.module.css';
import { DraftRow } from './DraftRow';
import { LostDrafts } from './LostDrafts';
import type { OnMadeDocument } from './MakeDocumentDialog';
import { MessageFilter } from './MessageFilter';
import { matching, wordsOf } from './matching';
import { draftAt, keyOf, openedThreads } from './places';
import { Thread } from './Thread';
import { useBeginAnew } from './use-begin-anew';
import { useMarkRead } from './use-seen';
import { useWriteAgain } from './use-write-again';

type ConversationsProps = {
  item: CaseView;
  list: MessageList;
  isShown: boolean;
  called: Goto | null;
  onMadeDocument: OnMadeDocument;
};

/** All conversations of a case, the one with the newest message first, and the way to a new one. */
export function Conversations({
  item,
  list,
  isShown,
  called: sent,
  onMadeDocument,
}: ConversationsProps) {
  const { locale } = useLocale();
  const drafts = useDrafts();
  const [filter, setFilter] = useState('');
  const asked = useDeferredValue(filter);
  const words = useMemo(() => wordsOf(asked), [asked]);
  const threads = useMemo(() => matching(list, words, locale), [list, words, locale]);
  const root = useRef<HTMLDivElement>(null);
  // The field that the person opened last takes the focus; one that only comes back does not.
  const [called, setCalled] = useState<string | null>(null);
  const sentThread = useSent(sent, setFilter, root);
  const markRead = useMarkRead(item.id);
  const beginAnew = useBeginAnew(item.id, open);
  const writeAgain = useWriteAgain(item.id, (place, isThere) =>
    isThere || place.thread === null ? open(place) : void beginAnew(place.thread),
  );
  const newPlace = { case: item.id, thread: null };

  function open(place: DraftPlace): void {
    setCalled(keyOf(place));
    drafts.setOpened(keyOf(place), true);
    // An open field only needs the focus.
    root.current
      ?.querySelector<HTMLElement>(
        `[data-place="${place.thread ?? 'new'}"] [data-testid="message-text"]`,
      )
      ?.focus();
  }

  function closed(thread: string | null): void {
    setCalled(null);
    requestAnimationFrame(() => {
      const opener =
        thread === null ? '[data-testid="new-message"]' : `[data-thread="${thread}"] [data-reply]`;
      root.current?.querySelector<HTMLElement>(opener)?.focus();
    });
  }

  return (
    <div className={styles.view} ref={root}>
      <div className={styles.bar}>
        <h2 className={styles.title}>{m.messages_title()}</h2>
        {list.threads.length > 0 && (
          <MessageFilter
            value={filter}
            onChange={setFilter}
            found={asked === '' ? null : threads.length}
            isShown={isShown}
          />
        )}
        <Button className={styles.new} onPress={() => open(newPlace)} data-testid="new-message">
          <MessageSquarePlus size={15} aria-hidden />
          {m.message_new()}
        </Button>
      </div>
      <div className={styles.body}>
        <div data-place="new" className={styles.fresh}>
          <Writing
            place={newPlace}
            list={list}
            thread={null}
            title={m.message_new()}
            canBeDocument={!item.mine_to_handle}
            autoFocus={called === keyOf(newPlace)}
            onOpen={() => open(newPlace)}
            onClosed={() => closed(null)}
            onMadeDocument={onMadeDocument}
          />
        </div>
        <LostDrafts
          caseId={item.id}
          list={list}
          onOpen={(thread) => void beginAnew(thread)}
          onDiscarded={() => closed(null)}
        />
        {list.threads.length === 0 && (
          <EmptyState
            icon={MessagesSquare}
            title={m.messages_empty()}
            hint={m.messages_empty_hint({ other: otherParty(item) })}
          />
        )}
        {list.threads.length > 0 && threads.length === 0 && (
          <EmptyState
            icon={SearchX}
            title={m.messages_none_found()}
            hint={m.messages_none_found_hint()}
            action={<Button onPress={() => setFilter('')}>{m.filter_clear()}</Button>}
          />
        )}
        <Windowed
          items={threads}
          keyOf={threadKey}
          estimate={132}
          label={m.messages_title()}
          className={styles.list}
          kept={[
            ...openedThreads(drafts.opened(), item.id),
            ...(sentThread === null ? [] : [sentThread]),
          ]}
          render={(thread, place) => (
            <Thread
              thread={thread}
              list={list}
              place={place}
              isShown={isShown}
              words={words}
              onReply={() => open({ case: item.id, thread: thread.id })}
              onSeen={markRead}
              onWriteAgain={(message) => void writeAgain(thread, message)}
            >
              <div data-place={thread.id}>
                <Writing
                  place={{ case: item.id, thread: thread.id }}
                  list={list}
                  thread={thread}
                  title={replyTitle(thread.messages, otherParty(item))}
                  canBeDocument={!item.mine_to_handle}
                  autoFocus={called === keyOf({ case: item.id, thread: thread.id })}
                  onOpen={() => open({ case: item.id, thread: thread.id })}
                  onClosed={() => closed(thread.id)}
                  onMadeDocument={onMadeDocument}
                />
              </div>
            </Thread>
          )}
        />
      </div>
    </div>
  );
}

/** Shows the conversation that the person was sent to, with what they looked for marked in it. */
function useSent(
  sent: Goto | null,
  setFilter: (words: string) => void,
  root: RefObject<HTMLDivElement | null>,
): string | null {
  const thread = sent?.place.at === 'messages' ? sent.place.thread : null;
  const words = sent?.words;
  useEffect(() => {
    if (thread === null || sent === null) {
      return undefined;
    }
    setFilter(words ?? '');
    return afterPaint(() => {
      const found = root.current?.querySelector<HTMLElement>(`[data-thread="${thread}"]`);
      (found?.querySelector('mark') ?? found)?.scrollIntoView?.({ block: 'center' });
    });
  }, [sent, thread, words, setFilter, root]);
  return thread;
}

type WritingProps = {
  place: DraftPlace;
  list: MessageList;
  thread: ThreadView | null;
  title: string;
  canBeDocument: boolean;
  autoFocus: boolean;
  onOpen: () => void;
  onClosed: () => void;
  onMadeDocument: OnMadeDocument;
};

/** The text of one place: the open field, the draft that waits, or nothing. */
function Writing({ thread, onOpen, ...composer }: WritingProps) {
  const key = keyOf(composer.place);
  const isOpened = useOpened(key);
  const draft = draftAt(composer.list, composer.place.thread);
  if (isOpened) {
    return <Composer key={key} threadType={thread?.message_type ?? null} {...composer} />;
  }
  return (
    draft !== undefined && (
      <DraftRow
        place={composer.place}
        draft={draft}
        title={composer.title}
        onOpen={onOpen}
        onDiscarded={composer.onClosed}
      />
    )
  );
}

function threadKey(thread: ThreadView): string {
  return thread.id;
}

/** Whom the signed-in person writes with in this case. */
function otherParty(item: CaseView): string {
  return item.mine_to_handle ? item.holder : (item.officer ?? m.message_to_body());
}

/** An answer to what the other party wrote last; to oneself one only adds. */
function replyTitle(messages: readonly MessageView[], other: string): string {
  return m.message_reply_to({ name: messages.find((each) => !each.mine)?.author ?? other });
}
