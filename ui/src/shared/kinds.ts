/** What each command does, in a word or two. */
import type { OutboxKind } from '../generated/rpc';
import { m } from '../i18n/paraglide/messages.js';

export const KINDS: Record<OutboxKind, () => string> = {
  send_message: () => m.outbox_kind_send_message(),
  submit_document: () => m.outbox_kind_submit_document(),
  accept_document: () => m.outbox_kind_accept_document(),
  refuse_document: () => m.outbox_kind_refuse_document(),
  explain_absence: () => m.outbox_kind_explain_absence(),
  accept_explanation: () => m.outbox_kind_accept_explanation(),
  refuse_explanation: () => m.outbox_kind_refuse_explanation(),
  take_from_archive: () => m.outbox_kind_take_from_archive(),
  report_ready: () => m.outbox_kind_report_ready(),
  request_completion: () => m.outbox_kind_request_completion(),
  assign_case: () => m.outbox_kind_assign_case(),
  record_exam: () => m.outbox_kind_record_exam(),
  grant_certificate: () => m.outbox_kind_grant_certificate(),
  refuse_application: () => m.outbox_kind_refuse_application(),
  withdraw_application: () => m.outbox_kind_withdraw_application(),
  apply: () => m.outbox_kind_apply(),
  set_proofs: () => m.outbox_kind_set_proofs(),
  propose_contact_change: () => m.outbox_kind_propose_contact_change(),
  withdraw_contact_change: () => m.outbox_kind_withdraw_contact_change(),
  accept_contact_change: () => m.outbox_kind_accept_contact_change(),
  refuse_contact_change: () => m.outbox_kind_refuse_contact_change(),
  complete_postal_task: () => m.outbox_kind_complete_postal_task(),
  write_note: () => m.outbox_kind_write_note(),
  change_note: () => m.outbox_kind_change_note(),
  write_template: () => m.outbox_kind_write_template(),
  change_template: () => m.outbox_kind_change_template(),
};
