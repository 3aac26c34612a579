import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import type { EventView } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { type Locale, useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
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
              <span>{eventText(event, locale)}</span>
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

/** The list is open: a newer server may tell of what this window has no words for. */
function eventText({ happening, params }: EventView, locale: Locale): string {
  const said = (name: string) => String(params?.[name] ?? '');
  const part = String((params?.part as Record<Locale, string> | undefined)?.[locale] ?? '');
  switch (happening) {
    case 'opened':
      return m.event_opened();
    case 'assigned':
      return m.event_assigned({ officer: said('officer') });
    case 'unassigned':
      return m.event_unassigned();
    case 'exam_recorded':
      return params.passed === true ? m.event_exam_passed({ part }) : m.event_exam_failed({ part });
    case 'granted':
      return m.event_granted({ number: said('number') });
    case 'refused':
      return m.event_refused();
    case 'withdrawn':
      return m.event_withdrawn();
    case 'proofs_set':
      return m.event_proofs({ card: yesOrNo(params.card), published: yesOrNo(params.published) });
    default:
      return m.event_other({ code: happening });
  }
}

function yesOrNo(is: unknown): string {
  return is === true ? m.yes() : m.no();
}
