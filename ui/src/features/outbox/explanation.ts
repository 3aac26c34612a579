/** Why something in the outbox stands where it stands, in one or two sentences. */
import type { OutboxEntry, Progress, SyncView } from '../../generated/rpc';
import { fileSize } from '../../i18n/format';
import type { Locale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { codeText } from '../../shared/errors/faults';
import { rejectionText } from '../../shared/errors/rejections';
import { isWorthTelling } from '../../shared/progress';

type Explained = Pick<OutboxEntry, 'state' | 'reason' | 'sending' | 'can_withdraw'>;

/** `sync` is undefined until the state of the line has been read. */
export function explanation(
  { state, reason, sending, can_withdraw }: Explained,
  sync: SyncView | undefined,
  locale: Locale,
): string {
  switch (state) {
    case 'queued':
      if (sending !== null) {
        return whyFile(sending, sync, locale);
      }
      // A try was lost on the way: while there is no line nobody knows how far it came.
      return can_withdraw || sync?.line === 'online'
        ? whyQueued(sync)
        : `${whyQueued(sync)} ${m.outbox_why_maybe_left()}`;
    case 'sent':
      return m.outbox_why_sent();
    case 'received':
      return m.outbox_why_received();
    case 'refused':
      return rejectionText(reason ?? { code: 'unknown' });
    case 'stuck':
      return reason === null ? m.outbox_why_stuck() : rejectionText(reason);
  }
}

/** A file goes before the command that is about it. */
function whyFile(sending: Progress, sync: SyncView | undefined, locale: Locale): string {
  const values = { done: fileSize(sending.done, locale), total: fileSize(sending.total, locale) };
  const isTold = isWorthTelling(sending);
  if (sync?.line === 'online' && sync.fault === null) {
    return isTold ? m.outbox_why_file(values) : m.outbox_why_file_now();
  }
  return isTold ? `${whyQueued(sync)} ${m.outbox_why_file_part(values)}` : whyQueued(sync);
}

function whyQueued(sync: SyncView | undefined): string {
  switch (sync?.line) {
    case 'offline':
    case undefined:
      return m.outbox_why_offline();
    case 'sign_in_needed':
      return m.outbox_why_sign_in();
    case 'connecting':
    case 'online':
      return sync.fault === null
        ? m.outbox_why_turn()
        : m.outbox_why_fault({ reason: codeText(sync.fault) });
  }
}
