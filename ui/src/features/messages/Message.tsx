import { ChevronRight, Mail, PencilLine } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { MessageView } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Chip } from '../../shared/components/Chip';
import { StateChip } from '../../shared/components/StateChip';
import { rejectionText } from '../../shared/errors/rejections';
import styles from './Message.module.css';
import { parted } from './matching';
import { ORIGINS, textOf } from './origin';

type Toggle = { isOpen: boolean; count: number; controls: string; onToggle: () => void };

type MessageProps = {
  message: MessageView;
  /** What is looked for. */
  words: readonly string[];
  /** The id of the element that names the conversation; only its newest message has one. */
  nameId?: string;
  type?: string;
  /** The arrow to the left of the date. */
  toggle?: Toggle;
  /** What can be done with the conversation; upper right. */
  tools?: ReactNode;
  onWriteAgain: (message: MessageView) => void;
};

/** One message, as it was sent; nothing in it can be changed. */
export const Message = memo(function Message({
  message,
  words,
  nameId,
  type,
  toggle,
  tools,
  onWriteAgain,
}: MessageProps) {
  const { locale } = useLocale();
  const author = message.mine ? m.message_mine() : message.author;
  return (
    <div className={styles.message} data-testid="message" data-state={message.state}>
      <div className={styles.head}>
        {toggle !== undefined && <Arrow {...toggle} />}
        <time className={styles.time} dateTime={message.at}>
          {dateAndTime(message.at, locale)}
        </time>
        {toggle !== undefined && (
          <span className={styles.count}>{m.thread_earlier_count({ count: toggle.count })}</span>
        )}
        {message.unread && (
          <Chip tone="info" icon={Mail}>
            {m.message_unread()}
          </Chip>
        )}
        {message.origin !== 'written' && <OriginChip origin={message.origin} />}
        {message.mine && <StateChip state={message.state} />}
        {tools !== undefined && <div className={styles.tools}>{tools}</div>}
      </div>
      {nameId === undefined ? (
        <div className={styles.author}>{author}</div>
      ) : (
        <h3 id={nameId} className={styles.author}>
          {author} <span className={styles.type}>{type}</span>
        </h3>
      )}
      {/* Plain text from another person: never HTML. */}
      <p className={styles.text}>
        {words.length === 0
          ? textOf(message)
          : parted(textOf(message), words).map((part, at) =>
              // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name
              at % 2 === 0 ? part : <mark key={at}>{part}</mark>,
            )}
      </p>
      {message.documents.length > 0 && (
        <p className={styles.about}>
          {m.message_about_documents({
            names: message.documents.map((name) => name[locale]).join(', '),
          })}
        </p>
      )}
      {message.reason !== null && <p className={styles.reason}>{rejectionText(message.reason)}</p>}
      {message.state === 'refused' && message.command !== null && (
        <Button
          size="small"
          className={styles.again}
          onPress={() => onWriteAgain(message)}
          data-testid="message-write-again"
        >
          <PencilLine size={14} aria-hidden />
          {m.message_write_again()}
        </Button>
      )}
    </div>
  );
});

function OriginChip({ origin }: { origin: keyof typeof ORIGINS }) {
  const { tone, icon, word } = ORIGINS[origin];
  return (
    <Chip tone={tone} icon={icon}>
      {word()}
    </Chip>
  );
}

function Arrow({ isOpen, count, controls, onToggle }: Toggle) {
  return (
    <AriaButton
      className={styles.arrow ?? ''}
      aria-expanded={isOpen}
      {...(isOpen && { 'aria-controls': controls })}
      aria-label={m.thread_toggle({ count })}
      onPress={onToggle}
      data-testid="thread-toggle"
    >
      <ChevronRight size={16} aria-hidden />
    </AriaButton>
  );
}
