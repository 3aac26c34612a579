/** Rows, picked files and documents of the fake core, by case. */
import type {
  ArchiveAsked,
  ArchiveView,
  Completion,
  CompletionDraft,
  DocumentList,
  DocumentLook,
  DocumentText,
  DocumentView,
  Explain,
  ExplanationRef,
  ExplanationView,
  PickedFile,
  ReadyView,
  RowState,
  RowView,
  Words,
} from '../generated/rpc';
import type { FakeOutbox, OfCase } from './fake-outbox';

type Found = { caseId: string; row: RowView; document: DocumentView };
type NewRow = Partial<RowView> & { id: string };

export class FakeDocuments {
  maxBytes = 25_000_000;
  maxNote = 1_000;
  /** What the system's dialog gives the next time; nothing if the person changes their mind. */
  nextPick: PickedFile[] = [];
  /** What lies behind each handle of a drop. */
  readonly dropped = new Map<string, PickedFile>();
  /** What has been said of all being in. */
  ready: ReadyView = { at: null, state: null, reason: null };
  /** The request for completion as it is being written. */
  completion: CompletionDraft = { rows: [], text: '' };
  /** What stands in every Office document. */
  text: DocumentText = { text: 'Intyg\n\nHärmed intygas', cut: false };
  /** Whether the next "Spara kopia" is carried through. */
  saves = true;
  readonly #rows = new Map<string, RowView[]>();
  #next = 0;

  addRow(caseId: string, row: NewRow): RowView {
    const added: RowView = {
      name: words(row.id),
      help: words(`Hjälp om ${row.id}`),
      required: true,
      state: 'open',
      picked: [],
      documents: [],
      awaited: row.required ?? true,
      checklist: [],
      refusal_reasons: [],
      template: null,
      asked: null,
      explanations: [],
      explanation_draft: { absence: '', reason: '' },
      taken: null,
      archive: [],
      ...row,
    };
    this.#rows.set(caseId, [...(this.#rows.get(caseId) ?? []), added]);
    return added;
  }

  look(id: string): DocumentLook {
    const { name, format, bytes, here, fetching } = this.find(id).document;
    return { name, format, bytes, here, fetching };
  }

  addDocument(caseId: string, rowId: string, document: Partial<DocumentView> = {}): DocumentView {
    const row = this.row(caseId, rowId);
    this.#next += 1;
    const added: DocumentView = {
      id: `document-${this.#next}`,
      name: 'betyg.pdf',
      bytes: 480_000,
      format: 'pdf',
      note: '',
      origin: 'sent',
      from_case: null,
      author: 'Åsa Lindqvist',
      mine: true,
      at: '2026-11-18T09:00:00Z',
      state: 'received',
      reason: null,
      sending: null,
      fetching: null,
      here: true,
      handling: 'waiting',
      handled_by: '',
      handled_at: null,
      handled_why: '',
      handling_state: null,
      handling_reason: null,
      refusal_draft: '',
      ...document,
    };
    row.documents = [added, ...row.documents];
    this.#settle(row);
    return added;
  }

  /** A file that the program can send. */
  file(name: string, bytes = 1_200_000): PickedFile {
    this.#next += 1;
    const format = name.split('.').at(-1) ?? 'pdf';
    return { file: `file-${this.#next}`, name, bytes, format, note: '', refused: null };
  }

  list(caseId: string, mineToHandle: boolean): DocumentList {
    return {
      rows: this.#rows.get(caseId) ?? [],
      mine_to_send: !mineToHandle,
      mine_to_handle: mineToHandle,
      max_bytes: this.maxBytes,
      max_note: this.maxNote,
      undecided: true,
      absences: [
        { code: 'cannot-get', name: words('Jag kan inte få fram dokumentet') },
        { code: 'does-not-apply', name: words('Dokumentet är inte aktuellt för mig') },
      ],
      ready: this.ready,
      completion: this.completion,
      max_text: 2_000,
    };
  }

  /** What was received, sorted as asked as far as tests need it. */
  archive({ case: caseId, by, descending, only, from, limit }: ArchiveAsked): ArchiveView {
    const rows = (this.#rows.get(caseId) ?? []).flatMap((row) =>
      row.documents
        .filter(({ state }) => state === 'received')
        .map((document) => ({ row, document })),
    );
    const key = ({ document }: (typeof rows)[number]) =>
      by === 'size' ? document.bytes : by === 'name' ? document.name : document.at;
    const sign = descending ? -1 : 1;
    const sorted = rows
      .filter(({ row }) => only === null || row.id === only)
      .sort((one, two) => sign * (key(one) < key(two) ? -1 : 1));
    const types = new Map(rows.map(({ row }) => [row.id, row.name]));
    return {
      total: from < sorted.length ? sorted.length : 0,
      rows: sorted.slice(from, from + limit).map(({ row, document }) => ({
        document: document.id,
        name: document.name,
        format: document.format,
        bytes: document.bytes,
        type_name: row.name,
        at: document.at,
        handling: document.handling,
        origin: document.author,
        by_post: document.origin === 'post',
        from_case: document.from_case,
        here: document.here,
        fetching: document.fetching,
      })),
      types: [...types].map(([code, name]) => ({ code, name })),
    };
  }

  /** The counts in the list of cases; null for a case that asks for no documents. */
  counts(caseId: string) {
    const rows = this.#rows.get(caseId);
    const needed = rows?.filter((row) => row.required);
    const waits = ({ handling, state }: DocumentView) =>
      handling === 'waiting' && state === 'received';
    const inState = (state: RowState) => needed?.filter((row) => row.state === state).length ?? 0;
    return needed === undefined
      ? null
      : {
          documents_needed: needed.length,
          documents_accepted: inState('accepted'),
          documents_submitted: inState('submitted'),
          documents_refused: needed.filter(isRefused).length,
          documents_to_handle: rows?.flatMap((row) => row.documents).filter(waits).length ?? 0,
        };
  }

  row(caseId: string, rowId: string): RowView {
    const row = this.#rows.get(caseId)?.find((each) => each.id === rowId);
    if (row === undefined) {
      throw new Error(`no row ${rowId}`);
    }
    return row;
  }

  change(documentId: string, change: Partial<DocumentView>): void {
    const { row } = this.find(documentId);
    row.documents = row.documents.map((each) =>
      each.id === documentId ? { ...each, ...change } : each,
    );
    this.#settle(row);
  }

  find(documentId: string): Found {
    for (const [caseId, rows] of this.#rows) {
      for (const row of rows) {
        const document = row.documents.find((each) => each.id === documentId);
        if (document !== undefined) {
          return { caseId, row, document };
        }
      }
    }
    throw new Error(`no document ${documentId}`);
  }

  pick(caseId: string, rowId: string): PickedFile[] {
    return this.nextPick.map((file) => this.keep(caseId, rowId, file));
  }

  /** A file that was refused is not kept. */
  keep(caseId: string, rowId: string, file: PickedFile): PickedFile {
    if (file.refused === null) {
      const row = this.row(caseId, rowId);
      row.picked = [...row.picked, file];
    }
    return file;
  }

  note(file: string, note: string): void {
    const { row } = this.#picked(file);
    row.picked = row.picked.map((each) => (each.file === file ? { ...each, note } : each));
  }

  discard(file: string): void {
    const { row } = this.#picked(file);
    row.picked = row.picked.filter((each) => each.file !== file);
  }

  submit(file: string, note: string, named: (caseId: string) => OfCase, outbox: FakeOutbox) {
    const { caseId, row, picked } = this.#picked(file);
    this.discard(file);
    const before = row.documents;
    if (row.required) {
      row.documents = before.map((each) =>
        each.handling === 'waiting' ? { ...each, handling: 'replaced' } : each,
      );
    }
    const sending = { done: 0, total: picked.bytes };
    const { name, bytes } = picked;
    const added = this.addDocument(caseId, row.id, {
      name,
      bytes,
      format: picked.format ?? 'pdf',
      note,
      at: '2026-11-22T13:30:00Z',
      state: 'queued',
      sending,
    });
    outbox.add(
      {
        kind: 'submit_document',
        state: 'queued',
        ...named(caseId),
        text: note,
        file_name: name,
        sending,
      },
      {
        moved: (state, reason) =>
          this.change(added.id, {
            state,
            reason,
            sending: state === 'queued' ? sending : null,
          }),
        givenBack: () => {
          row.documents = before;
          row.picked = [...row.picked, { ...picked, note }];
          this.#settle(row);
        },
      },
    );
  }

  decide(
    id: string,
    decision: { accepted: boolean; why: string; by: string },
    named: (caseId: string) => OfCase,
    outbox: FakeOutbox,
  ): void {
    const { caseId, document } = this.find(id);
    this.change(id, {
      handling: decision.accepted ? 'accepted' : 'refused',
      handled_by: decision.by,
      handled_at: '2026-11-22T13:30:00Z',
      handled_why: decision.why,
      handling_state: 'queued',
      refusal_draft: '',
    });
    outbox.add(
      {
        kind: decision.accepted ? 'accept_document' : 'refuse_document',
        state: 'queued',
        ...named(caseId),
        text: decision.why,
        file_name: document.name,
      },
      {
        moved: (state, reason) =>
          this.change(id, {
            handling_state: state,
            handling_reason: reason,
            ...(state === 'refused' && { handling: 'waiting', handled_at: null }),
          }),
        givenBack: () => this.change(id, { ...document, refusal_draft: decision.why }),
      },
    );
  }

  move(file: string, to: string): void {
    const { caseId, picked } = this.#picked(file);
    this.discard(file);
    this.keep(caseId, to, picked);
  }

  explain({ case: caseId, row: id, absence, reason }: Explain): ExplanationView {
    const row = this.row(caseId, id);
    this.#next += 1;
    const added: ExplanationView = {
      id: `explanation-${this.#next}`,
      absence: words(absence),
      reason,
      author: 'Åsa Lindqvist',
      mine: true,
      at: '2026-11-22T13:30:00Z',
      state: 'queued',
      refused: null,
      handling: 'waiting',
      handled_by: '',
      handled_at: null,
      handled_why: '',
      handling_state: null,
      handling_reason: null,
      refusal_draft: '',
    };
    row.explanations = [added, ...row.explanations];
    row.explanation_draft = { absence: '', reason: '' };
    row.asked = null;
    row.state = row.required ? 'explained' : 'open';
    row.awaited = false;
    return added;
  }

  changeExplanation(
    { case: caseId, row: id, explanation }: ExplanationRef,
    change: Partial<ExplanationView>,
  ): void {
    const row = this.row(caseId, id);
    row.explanations = row.explanations.map((each) =>
      each.id === explanation ? { ...each, ...change } : each,
    );
    const [last] = row.explanations;
    if (last?.handling === 'accepted') {
      row.state = 'accepted';
    } else if (last?.handling === 'refused') {
      row.state = 'open';
      row.awaited = true;
    }
  }

  request({ case: caseId, rows, text }: Completion): void {
    for (const id of rows) {
      const row = this.row(caseId, id);
      row.asked = { by: 'Göran Hägglund', at: '2026-11-22T13:30:00Z', text };
      row.state = 'open';
      row.awaited = true;
    }
    this.completion = { rows: [], text: '' };
    this.ready = { at: null, state: null, reason: null };
  }

  #picked(file: string): { caseId: string; row: RowView; picked: PickedFile } {
    for (const [caseId, rows] of this.#rows) {
      for (const row of rows) {
        const picked = row.picked.find((each) => each.file === file);
        if (picked !== undefined) {
          return { caseId, row, picked };
        }
      }
    }
    throw new Error(`no file ${file}`);
  }

  /** A row's state follows its documents; one that is not needed is always open. */
  #settle(row: RowView): void {
    const counts = row.documents.filter((each) => each.state !== 'refused');
    if (row.required) {
      const some = (handling: DocumentView['handling']) =>
        counts.some((each) => each.handling === handling);
      row.state = some('accepted') ? 'accepted' : some('waiting') ? 'submitted' : 'open';
      row.awaited = row.state === 'open';
    }
  }
}

/** Awaited again: what came was found insufficient, and nothing has come since. */
function isRefused({ state, documents }: RowView): boolean {
  const [newest] = documents.filter((each) => each.state !== 'refused');
  return state === 'open' && newest?.handling === 'refused';
}

function words(text: string): Words {
  return { sv: text, en: `${text} (en)` };
}
