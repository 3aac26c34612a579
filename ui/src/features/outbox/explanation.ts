/** Why something in the outbox stands where it stands, in one or two sentences. */
import type { OutboxEntry, SyncView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { codeText } from '../../shared/errors/faults';
import { rejectionText } from '../../shared/errors/rejections';

type Explained = Pick<OutboxEntry, 'state' | 'reason'>;

/** `sync` is undefined until the state of the line has been read. */
export function explanation({ state, reason }: Explained, sync: SyncView | undefined): string {
  switch (state) {
    case 'queued':
      return whyQueued(sync);
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
