/** Whether what was refused can be given back to a place where the person can see it. */
import type { CaseView, OutboxEntry } from '../../generated/rpc';

/** What it is about is not there: a text given back to it would be shown nowhere. */
const PLACE_GONE: ReadonlySet<string> = new Set([
  'access_ended',
  'case_not_found',
  'document_not_found',
  'row_not_found',
  'note_not_found',
  'note_of_another',
  'template_not_found',
]);

/** What is written in a place of its own. */
const HAS_NO_CASE: ReadonlySet<OutboxEntry['kind']> = new Set([
  'apply',
  'write_template',
  'change_template',
]);

/** `cases` is undefined until they have been read. */
export function canGiveBack(
  { kind, state, reason, case: caseId }: OutboxEntry,
  cases: readonly CaseView[] | undefined,
): boolean {
  const isListed = HAS_NO_CASE.has(kind) || (cases?.some(({ id }) => id === caseId) ?? false);
  return state === 'refused' && isListed && !PLACE_GONE.has(reason?.code ?? '');
}
