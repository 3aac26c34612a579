/** What stands above a case's work, and the officers' queue, in memory. */
import type { CaseFile, CaseView, QueuedCase, QueuePage, QueueSearch } from '../generated/rpc';

const NO_WORDS = { sv: '', en: '' };

export class FakeCases {
  /** What officers find at the server. */
  queue: QueuedCase[] = [];
  readonly searches: QueueSearch[] = [];
  readonly #changes = new Map<string, Partial<CaseFile>>();

  change(caseId: string, changes: Partial<CaseFile>): void {
    this.#changes.set(caseId, { ...this.#changes.get(caseId), ...changes });
  }

  show(caseId: string, item: CaseView): CaseFile {
    return {
      id: caseId,
      scheme: { sv: item.title, en: item.title },
      renews: null,
      number: item.number,
      holder: item.holder,
      identity_number: '19850312-2387',
      officer: item.officer,
      stage: item.stage,
      opened_at: '2026-11-01T08:00:00Z',
      digital: true,
      certificate: null,
      exams: [],
      events: [{ at: '2026-11-01T08:00:00Z', by: '', happening: 'opened', params: {} }],
      mine_to_handle: item.mine_to_handle,
      mine: !item.mine_to_handle,
      exam_parts: [{ code: 'teori', name: { ...NO_WORDS, sv: 'Teoretiskt prov' } }],
      levels: [],
      colleagues: [],
      letter: { case: caseId, text: '', level: null, granted_on: '' },
      exam: null,
      max_letter: 2_000,
      on_their_way: [],
      ...this.#changes.get(caseId),
    };
  }

  search(asked: QueueSearch): QueuePage {
    this.searches.push(asked);
    const fits = this.queue.filter(
      (each) =>
        (asked.handled_by !== 'nobody' || each.officer === null) &&
        `${each.number} ${each.holder} ${each.title}`.includes(asked.text),
    );
    return { cases: fits, more: false, total: fits.length };
  }
}
