/** The line to the server, in words. */
import type { SyncView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';

/** What the chip in the title bar says. */
export function lineText({ line, waiting, fault }: SyncView): string {
  const count = waiting;
  switch (line) {
    case 'offline':
      return count > 0 ? m.sync_offline_waiting({ count }) : m.sync_offline();
    case 'connecting':
      return count > 0 ? m.sync_connecting_waiting({ count }) : m.sync_connecting();
    case 'sign_in_needed':
      return count > 0 ? m.sync_sign_in_waiting({ count }) : m.sync_sign_in();
    case 'online':
      if (fault !== null) {
        return count > 0 ? m.sync_stopped_waiting({ count }) : m.sync_stopped();
      }
      return count > 0 ? m.sync_sending({ count }) : m.sync_all_sent();
  }
}
