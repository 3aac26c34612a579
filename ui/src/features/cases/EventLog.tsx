import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import type { EventView } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { happeningText } from '../../shared/happening';
import styles from './InfoPanel.module.css';

type EventLogProps = {
  events: readonly EventView[];
  /** What stands beside the button that unfolds it. */
  children: ReactNode;
};

/** What has happened in the case, newest first; folded until somebody asks. */
export function EventLog({ events, children }: EventLogProps) {
  const { locale } = useLocale();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <div className={styles.foot}>
        <Button
          look="quiet"
          size="small"
          aria-expanded={isOpen}
          {...(isOpen && { 'aria-controls': id })}
          onPress={() => setOpen(!isOpen)}
          data-testid="events-toggle"
        >
          <ChevronRight size={15} aria-hidden style={isOpen ? { rotate: '90deg' } : {}} />
          {m.events_title()} ({events.length})
        </Button>
        {children}
      </div>
      {isOpen && (
        <ol id={id} className={styles.events} aria-label={m.events_title()} data-testid="events">
          {events.map((event) => (
            <li key={event.at + event.happening} className={styles.event}>
              <span>{happeningText(event.happening, event.params, locale)}</span>
              <span className={styles.when}>
                <time dateTime={event.at}>{dateAndTime(event.at, locale)}</time>
                {event.by !== '' && `, ${event.by}`}
              </span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
