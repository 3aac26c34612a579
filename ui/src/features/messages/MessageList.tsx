import { MessagesSquare } from 'lucide-react';
import { memo } from 'react';
import type { MessageView } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { type Locale, useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { EmptyState } from '../../shared/components/EmptyState';
import { StateChip } from '../../shared/components/StateChip';
import { rejectionText } from '../../shared/errors/rejections';
import styles from './MessageList.module.css';

type MessageListProps = { messages: MessageView[]; other: string };

/** All messages of a case in the order the core gives them: newest first. */
export function MessageList({ messages, other }: MessageListProps) {
  const { locale } = useLocale();
  if (messages.length === 0) {
    return (
      <EmptyState
        icon={MessagesSquare}
        title={m.messages_empty()}
        hint={m.messages_empty_hint({ other })}
      />
    );
  }
  return (
    <ul className={styles.list} aria-label={m.messages_title()}>
      {messages.map((message) => (
        <MessageRow key={message.id} message={message} locale={locale} />
      ))}
    </ul>
  );
}

/** A thousand of these stand under a field that renders at each key, hence `memo`. */
const MessageRow = memo(function MessageRow({
  message,
  locale,
}: {
  message: MessageView;
  locale: Locale;
}) {
  return (
    <li className={styles.message} data-testid="message" data-state={message.state}>
      <div className={styles.head}>
        <span className={styles.author}>{message.mine ? m.message_mine() : message.author}</span>
        {message.mine && <StateChip state={message.state} />}
        <time className={styles.time} dateTime={message.at}>
          {dateAndTime(message.at, locale)}
        </time>
      </div>
      {/* Plain text from another person: never HTML. */}
      <p className={styles.text}>{message.text}</p>
      {message.reason !== null && <p className={styles.reason}>{rejectionText(message.reason)}</p>}
    </li>
  );
});
