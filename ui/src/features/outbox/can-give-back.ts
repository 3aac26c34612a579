/** Whether what was refused can be given back to a place where the person can see it. */
import type { CaseView, OutboxEntry } from '../../generated/rpc';

/** What it is about is not there: a text given back to it would be shown nowhere. */
const PLACE_GONE: ReadonlySet<string> = new Set([
  'access_ended',
  'case_not_found',
  'document_not_found',
  'row_not_found',
]);

/** `cases` is undefined until they have been read. */
export function canGiveBack(
  { kind, state, reason, case: caseId }: OutboxEntry,
  cases: readonly CaseView[] | undefined,
): boolean {
  // An application is written in a place of its own: there is no case yet.
  const isListed = kind === 'apply' || (cases?.some(({ id }) => id === caseId) ?? false);
  return state === 'refused' && isListed && !PLACE_GONE.has(reason?.code ?? '');
}
