import type { OutboxEntry } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import type { Locale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';

type Step = { at: string; text: string };

/** What has happened to an entry so far, in order. */
export function steps(entry: OutboxEntry, locale: Locale): Step[] {
  const decided = entry.state === 'refused' ? m.outbox_refused_at : m.outbox_received_at;
  const all = [
    { at: entry.written_at, text: m.outbox_saved_at },
    { at: entry.sent_at, text: m.outbox_sent_at },
    { at: entry.decided_at, text: decided },
  ];
  return all.flatMap(({ at, text }) =>
    at === null ? [] : [{ at, text: text({ time: dateAndTime(at, locale) }) }],
  );
}
