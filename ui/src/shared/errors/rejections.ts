/** Why the server, or the core in its place, said no: codes into sentences. */
import type { Rejection } from '../../generated/rpc';
import { fileSize, wholeNumber } from '../../i18n/format';
import { m } from '../../i18n/paraglide/messages.js';
import { getLocale } from '../../i18n/paraglide/runtime.js';

type Params = Record<string, unknown>;

const REJECTIONS: ReadonlyMap<string, (params: Params) => string> = new Map([
  ['message_empty', () => m.rejection_message_empty()],
  ['message_too_long', () => m.rejection_message_too_long()],
  ['message_type_unknown', () => m.rejection_message_type_unknown()],
  ['thread_not_found', () => m.rejection_thread_not_found()],
  ['case_not_found', () => m.rejection_case_not_found()],
  ['case_assigned', caseAssigned],
  ['case_decided', caseDecided],
  ['unsent_work', () => m.rejection_unsent_work()],
  ['officer_not_found', () => m.rejection_officer_not_found()],
  ['certificate_not_found', () => m.rejection_certificate_not_found()],
  ['level_unknown', () => m.rejection_level_unknown()],
  ['exam_unknown', () => m.rejection_exam_unknown()],
  ['exam_missing', () => m.rejection_exam_missing()],
  ['rows_open', () => m.rejection_rows_open()],
  ['date_in_future', () => m.rejection_date_in_future()],
  ['scheme_closed', () => m.rejection_scheme_closed()],
  ['already_applied', ({ number }) => m.rejection_already_applied({ number: String(number) })],
  ['identity_number_unusable', () => m.rejection_identity_number_unusable()],
  ['identity_number_differs', () => m.rejection_identity_number_differs()],
  ['nothing_to_renew', () => m.rejection_nothing_to_renew()],
  ['number_taken', () => m.rejection_number_taken()],
  ['parties_must_differ', () => m.rejection_parties_must_differ()],
  ['row_not_found', () => m.rejection_row_not_found()],
  ['row_accepted', () => m.rejection_row_accepted()],
  ['document_not_found', () => m.rejection_document_not_found()],
  ['document_replaced', () => m.rejection_document_replaced()],
  ['document_handled', () => m.rejection_document_handled()],
  ['note_too_long', noteTooLong],
  ['reason_missing', () => m.rejection_reason_missing()],
  ['note_empty', () => m.notes_blank()],
  ['note_not_found', () => m.rejection_note_not_found()],
  ['note_of_another', ({ by_name }) => m.rejection_note_of_another({ name: String(by_name) })],
  ['note_changed', () => m.rejection_note_changed()],
  ['template_untitled', () => m.template_title_blank()],
  ['template_title_too_long', ({ max }) => m.template_title_long({ max: String(max) })],
  ['template_not_found', () => m.rejection_template_not_found()],
  ['template_changed', ({ by_name }) => m.rejection_template_changed({ name: String(by_name) })],
  ['row_not_needed', () => m.rejection_row_not_needed()],
  ['absence_unknown', () => m.rejection_absence_unknown()],
  ['explanation_not_found', () => m.rejection_explanation_not_found()],
  ['explanation_handled', () => m.rejection_explanation_handled()],
  ['checklist_open', () => m.rejection_checklist_open()],
  ['document_not_accepted', () => m.rejection_document_not_accepted()],
  ['rows_awaited', () => m.rejection_rows_awaited()],
  ['already_ready', () => m.rejection_already_ready()],
  ['rows_missing', () => m.rejection_rows_missing()],
  ['file_name_unusable', () => m.rejection_file_name_unusable()],
  ['file_unusable', fileUnusable],
  ['file_missing', () => m.rejection_file_missing()],
  ['file_differs', () => m.rejection_file_differs()],
  ['holder_only', () => m.rejection_holder_only()],
  ['officer_only', () => m.rejection_officer_only()],
  ['scheme_not_found', () => m.rejection_scheme_not_found()],
  ['service_unusable', () => m.rejection_service_unusable()],
  ['contact_not_found', () => m.rejection_contact_not_found()],
  ['contact_changed', () => m.rejection_contact_changed()],
  ['contact_field_unusable', () => m.rejection_contact_field_unusable()],
  ['nothing_changed', () => m.rejection_nothing_changed()],
  ['proposal_not_found', () => m.rejection_proposal_not_found()],
  ['proposal_replaced', () => m.rejection_proposal_replaced()],
  ['proposal_handled', () => m.rejection_proposal_handled()],
  ['postal_task_not_found', () => m.rejection_postal_task_not_found()],
  ['postal_task_done', ({ by_name }) => m.rejection_postal_task_done({ name: String(by_name) })],
  ['operator_only', () => m.rejection_operator_only()],
  ['id_taken', () => m.rejection_id_taken()],
  ['access_ended', () => m.rejection_access_ended()],
  ['dependency_refused', () => m.rejection_dependency_refused()],
  ['command_unreadable', () => m.rejection_command_unreadable()],
]);

/** Why a file can be no document, by the core's name for the fault. */
const FILE_FAULTS: ReadonlyMap<string, (params: Params) => string> = new Map([
  ['empty', () => m.file_fault_empty()],
  ['too_large', tooLarge],
  ['unknown_format', unknownFormat],
  ['disguised', disguised],
  ['encrypted', () => m.file_fault_encrypted()],
  ['macros', () => m.file_fault_macros()],
  ['truncated', () => m.file_fault_truncated()],
]);

/** The list is open: a newer server may refuse with a code that this window has no words for. */
export function rejectionText(rejection: Rejection): string {
  const words = REJECTIONS.get(rejection.code);
  return words?.(rejection.params ?? {}) ?? m.rejection_unknown({ code: rejection.code });
}

function caseAssigned({ officer }: Params): string {
  return typeof officer === 'string'
    ? m.rejection_case_assigned({ officer })
    : m.rejection_case_unassigned();
}

function caseDecided({ stage }: Params): string {
  switch (stage) {
    case 'granted':
      return m.rejection_case_decided_granted();
    case 'refused':
      return m.rejection_case_decided_refused();
    default:
      return m.rejection_case_decided_withdrawn();
  }
}

function fileUnusable(params: Params): string {
  return FILE_FAULTS.get(String(params.fault))?.(params) ?? m.file_fault_other();
}

function tooLarge({ bytes, max }: Params): string {
  const locale = getLocale();
  return typeof bytes === 'number' && typeof max === 'number'
    ? m.file_fault_too_large({ size: fileSize(bytes, locale), max: fileSize(max, locale) })
    : m.file_fault_too_large_unmeasured();
}

/** What a file really is, in words that people use. */
function contentWords(found: unknown): string | null {
  switch (found) {
    case 'jpeg':
    case 'png':
    case 'gif':
    case 'tiff':
    case 'heic':
      return m.content_picture();
    case 'executable':
      return m.content_program();
    case 'rtf':
      return m.content_rtf();
    case 'html':
      return m.content_html();
    case 'open_document':
      return m.content_open_document();
    case 'zip':
      return m.content_zip();
    case 'doc':
    case 'docx':
    case 'xls':
    case 'xlsx':
    case 'pdf':
      return found.toUpperCase();
    default:
      return null;
  }
}

function unknownFormat({ found }: Params): string {
  const words = contentWords(found);
  return words === null
    ? m.file_fault_unknown_format()
    : m.file_fault_unknown_format_found({ found: words });
}

function disguised({ found }: Params): string {
  const words = contentWords(found);
  if (words === null) {
    return m.file_fault_disguised();
  }
  // Another ending helps only what would be taken under its own name.
  const isTaken = words === String(found).toUpperCase();
  return isTaken
    ? m.file_fault_disguised_found({ found: words })
    : m.file_fault_unknown_format_found({ found: words });
}

function noteTooLong({ length, max }: Params): string {
  if (typeof length !== 'number' || typeof max !== 'number') {
    return m.rejection_note_too_long_unmeasured();
  }
  const count = length - max;
  const [shown, most] = [wholeNumber(count, getLocale()), wholeNumber(max, getLocale())];
  return m.rejection_note_too_long({ count, shown, max: most });
}
