import { useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import type { MessageList, ThreadView } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { textOf, threadName } from './origin';
import styles from './PrintedThread.module.css';

type PrintedThreadProps = { thread: ThreadView; list: MessageList; onDone: () => void };

/** One conversation on paper, oldest first, in place of the window's screen. */
export function PrintedThread({ thread, list, onDone }: PrintedThreadProps) {
  const { locale } = useLocale();
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    document.documentElement.dataset.printing = 'part';
    const timer = setTimeout(() => {
      window.print();
      done.current();
    }, 50);
    return () => {
      clearTimeout(timer);
      delete document.documentElement.dataset.printing;
    };
  }, []);
  return createPortal(
    <article className={styles.paper} data-paper>
      <h1>{threadName(thread, list, locale)}</h1>
      {[...thread.messages].reverse().map((message) => (
        <section key={message.id} className={styles.message}>
          <h2>
            {message.mine ? m.message_mine() : message.author}, {dateAndTime(message.at, locale)}
          </h2>
          <p>{textOf(message)}</p>
        </section>
      ))}
    </article>,
    document.body,
  );
}
