/** Why the server, or the core in its place, said no: codes into sentences. */
import type { Rejection } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';

const REJECTIONS: ReadonlyMap<string, () => string> = new Map([
  ['message_empty', () => m.rejection_message_empty()],
  ['message_too_long', () => m.rejection_message_too_long()],
  ['thread_not_found', () => m.rejection_thread_not_found()],
  ['case_not_found', () => m.rejection_case_not_found()],
  ['not_party_of_case', () => m.rejection_not_party_of_case()],
  ['operator_only', () => m.rejection_operator_only()],
  ['id_taken', () => m.rejection_id_taken()],
  ['dependency_refused', () => m.rejection_dependency_refused()],
  ['command_unreadable', () => m.rejection_command_unreadable()],
  ['withdrawn', () => m.rejection_withdrawn()],
]);

/** The list is open: a newer server may refuse with a code that this window has no words for. */
export function rejectionText(rejection: Pick<Rejection, 'code'>): string {
  return REJECTIONS.get(rejection.code)?.() ?? m.rejection_unknown({ code: rejection.code });
}
