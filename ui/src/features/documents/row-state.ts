/** Where a row stands, told so that nothing that only waits on this computer looks done. */
import type { DocumentView, ExplanationView, RowView } from '../../generated/rpc';

export type RowStand =
  | 'missing'
  /** Found insufficient; a new one is needed. */
  | 'again'
  /** The officer has asked for something in it, and nothing has come since. */
  | 'asked'
  /** The applicant has said why there is no document, and the officer has not answered. */
  | 'explained'
  /** Sent from here, and not yet received. */
  | 'leaving'
  /** Received, and not yet handled. */
  | 'waiting'
  /** Accepted here by the officer, and not yet received. */
  | 'deciding'
  | 'accepted'
  /** Not needed, and nothing is there. */
  | 'optional';

/** The documents that count, newest first: none that was replaced or that the server refused. */
export function standing(row: RowView): DocumentView[] {
  return row.documents.filter((each) => each.handling !== 'replaced' && each.state !== 'refused');
}

/** The reason for lacking a document, if it is what came last. */
export function reasonOf(row: RowView): ExplanationView | undefined {
  const [document] = standing(row);
  const reason = row.explanations.find(
    ({ handling, state }) => handling !== 'replaced' && state !== 'refused',
  );
  return document === undefined || (reason !== undefined && reason.at >= document.at)
    ? reason
    : undefined;
}

export function standOf(row: RowView): RowStand {
  if (row.asked !== null && row.awaited && !hasComeSince(row, row.asked.at)) {
    return 'asked';
  }
  if (row.taken !== null && !row.awaited) {
    return row.taken.state === 'received' ? 'accepted' : 'deciding';
  }
  const reason = reasonOf(row);
  if (reason !== undefined) {
    return standOfReason(reason);
  }
  const [newest] = standing(row);
  if (newest === undefined) {
    return row.required ? 'missing' : 'optional';
  }
  if (newest.state !== 'received') {
    return 'leaving';
  }
  switch (newest.handling) {
    case 'accepted':
      return isUndecided(newest) ? 'deciding' : 'accepted';
    case 'refused':
      return isUndecided(newest) ? 'deciding' : 'again';
    default:
      return 'waiting';
  }
}

/** Whether something has come for a request for completion; that it was not enough is told then. */
function hasComeSince(row: RowView, asked: string): boolean {
  const newest = reasonOf(row) ?? standing(row)[0];
  return newest !== undefined && newest.at > asked;
}

function standOfReason(reason: ExplanationView): RowStand {
  if (reason.state !== 'received') {
    return 'leaving';
  }
  if (isUndecided(reason)) {
    return 'deciding';
  }
  switch (reason.handling) {
    case 'accepted':
      return 'accepted';
    case 'refused':
      return 'again';
    default:
      return 'explained';
  }
}

/** The officer's own decision has been made here and the server has not answered. */
export function isUndecided({
  handling_state: state,
}: Pick<DocumentView, 'handling_state'>): boolean {
  return state === 'queued' || state === 'sent' || state === 'stuck';
}

/** What the row shows at once, and what lies in its history. */
export function splitDocuments(row: RowView): { now: DocumentView[]; before: DocumentView[] } {
  const [newest] = row.documents;
  // A row that is not needed takes any number of files: all that were not replaced are shown.
  const isNow = (each: DocumentView) =>
    each === newest ||
    (each.handling !== 'replaced' && (!row.required || each.state !== 'received'));
  return {
    now: row.documents.filter(isNow),
    before: row.documents.filter((each) => !isNow(each)),
  };
}

/** Whether the applicant may say that there is no document. */
export function takesReason(row: RowView): boolean {
  return takesFiles(row) && (row.required || row.asked !== null);
}

/** Whether another file may be sent in. */
export function takesFiles(row: RowView): boolean {
  return !row.required || row.state !== 'accepted';
}

export type Tally = { needed: number; settled: number; accepted: number; onTheWay: number };

/** How far the needed rows have come. */
export function tally(rows: readonly RowView[]): Tally {
  const stands = rows.filter((row) => row.required || row.asked !== null).map(standOf);
  const count = (...which: RowStand[]) => stands.filter((each) => which.includes(each)).length;
  return {
    needed: stands.length,
    // what only waits on this computer has not been handed in
    settled: stands.length - count('missing', 'again', 'asked', 'leaving'),
    accepted: count('accepted'),
    onTheWay: count('leaving'),
  };
}
