import { type ReactNode, useId, useRef, useState } from 'react';
import type { MessageList, MessageView, ThreadView } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import type { RowPlace } from '../../shared/windowed/Windowed';
import { Message } from './Message';
import { isHit } from './matching';
import { typeName } from './places';
import styles from './Thread.module.css';
import { ThreadTools } from './ThreadTools';
import { useSeen } from './use-seen';

/** How many earlier messages are shown at a time; more, if more have not been read. */
const EARLIER_AT_ONCE = 50;

type ThreadProps = {
  thread: ThreadView;
  list: MessageList;
  place: RowPlace;
  isShown: boolean;
  /** What is looked for. */
  words: readonly string[];
  onReply: () => void;
  onSeen: (thread: string, newest: MessageView) => void;
  onWriteAgain: (message: MessageView) => void;
  /** The answer being written; stands right below the newest message. */
  children: ReactNode;
};

/** A conversation: its newest message, and on demand what came before it. */
export function Thread({
  thread,
  list,
  place,
  isShown,
  words,
  onReply,
  onSeen,
  onWriteAgain,
  children,
}: ThreadProps) {
  const { locale } = useLocale();
  const [newest, ...earlier] = thread.messages;
  const [isOpen, setOpen] = useUnreadOpens(earlier);
  useFoundOpens(
    earlier.some((message) => isHit(message, words)),
    setOpen,
  );
  // What is on screen: a message that comes later is not read by this one's having been seen.
  const newestUnread = thread.messages.find((message) => message.unread);
  const element = useRef<HTMLDivElement>(null);
  const earlierId = useId();
  const nameId = useId();
  useSeen(element, isShown ? (newestUnread?.id ?? null) : null, () => {
    if (newestUnread !== undefined) {
      onSeen(thread.id, newestUnread);
    }
  });
  if (newest === undefined) {
    return null;
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: blank room stands between the rows of a long list
    <div
      ref={element}
      role="listitem"
      className={styles.thread}
      aria-labelledby={nameId}
      data-testid="thread"
      data-thread={thread.id}
      data-unread={thread.unread > 0 || undefined}
      {...place}
    >
      <Message
        message={newest}
        words={words}
        nameId={nameId}
        type={typeName(list, thread.message_type, locale)}
        {...(earlier.length > 0 && {
          toggle: {
            isOpen,
            count: earlier.length,
            controls: earlierId,
            onToggle: () => setOpen(!isOpen),
          },
        })}
        tools={<ThreadTools thread={thread} list={list} onReply={onReply} />}
        onWriteAgain={onWriteAgain}
      />
      {children}
      {isOpen && earlier.length > 0 && (
        <Earlier id={earlierId} messages={earlier} words={words} onWriteAgain={onWriteAgain} />
      )}
    </div>
  );
}

/**
 * Whether the earlier messages are shown. Whatever has not been read is shown from the start, and when
 * it comes later; who closes it then has seen that it is there.
 */
function useUnreadOpens(earlier: readonly MessageView[]) {
  const unread = earlier.filter((message) => message.unread).map(({ id }) => id);
  const [known, setKnown] = useState<readonly string[]>(unread);
  const [isOpen, setOpen] = useState(unread.length > 0);
  const fresh = unread.filter((id) => !known.includes(id));
  if (fresh.length > 0) {
    setKnown([...known, ...fresh]);
    setOpen(true);
  }
  return [isOpen, setOpen] as const;
}

/** What is found among the earlier messages is shown; who closes it then has seen it. */
function useFoundOpens(isFound: boolean, setOpen: (isOpen: boolean) => void): void {
  const [wasFound, setWasFound] = useState(false);
  if (isFound !== wasFound) {
    setWasFound(isFound);
    if (isFound) {
      setOpen(true);
    }
  }
}

type EarlierProps = {
  id: string;
  messages: MessageView[];
  words: readonly string[];
  onWriteAgain: (message: MessageView) => void;
};

function Earlier({ id, messages, words, onWriteAgain }: EarlierProps) {
  const [shown, setShown] = useState(EARLIER_AT_ONCE);
  // Having the conversation on screen marks all of it as read: so all of that stands there.
  const last = messages.findLastIndex((message) => message.unread || isHit(message, words)) + 1;
  if (last > shown) {
    setShown(last);
  }
  const left = messages.length - shown;
  return (
    <div id={id} className={styles.earlier}>
      <ul aria-label={m.thread_earlier()}>
        {messages.slice(0, shown).map((message) => (
          <li key={message.id}>
            <Message message={message} words={words} onWriteAgain={onWriteAgain} />
          </li>
        ))}
      </ul>
      {left > 0 && (
        <Button size="small" onPress={() => setShown(shown + EARLIER_AT_ONCE)}>
          {m.thread_more({ count: Math.min(left, EARLIER_AT_ONCE) })}
        </Button>
      )}
    </div>
  );
}
