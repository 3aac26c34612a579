/** Conversations and drafts of the fake core, by case. */
import type {
  DraftPlace,
  DraftVersion,
  DraftView,
  MessageList,
  MessageTypeView,
  MessageView,
  Shown,
  ThreadView,
  Written,
} from '../generated/rpc';
import type { FakeOutbox, OfCase } from './fake-outbox';

export const MESSAGE_TYPES: MessageTypeView[] = [
  { code: 'note', name: { sv: 'Notering', en: 'Note' } },
  { code: 'question', name: { sv: 'Fråga', en: 'Question' } },
  { code: 'completion', name: { sv: 'Komplettering', en: 'Completion' } },
];

type NewMessage = Partial<MessageView> & { text: string };
type Where = { thread?: string; type?: string };

export class FakeMessages {
  types = MESSAGE_TYPES;
  maxLength = 4_000;
  readonly #threads = new Map<string, ThreadView[]>();
  readonly #drafts = new Map<string, DraftView & DraftPlace>();
  readonly #versions = new Map<string, DraftVersion[]>();
  #next = 0;

  /** A message that begins a conversation, or answers in the one that is named. */
  add(caseId: string, message: NewMessage, { thread, type = 'note' }: Where = {}): MessageView {
    this.#next += 1;
    const added: MessageView = {
      id: `message-${this.#next}`,
      author: 'Göran Hägglund',
      mine: false,
      command: message.state === 'refused' ? `command-of-${this.#next}` : null,
      unread: false,
      origin: 'written',
      documents: [],
      at: '2026-11-20T08:15:00Z',
      state: 'received',
      reason: null,
      ...message,
    };
    const threads = this.#threads.get(caseId) ?? [];
    const existing = threads.find((each) => each.id === thread);
    if (existing === undefined) {
      threads.push({ id: added.id, message_type: type, messages: [added], unread: 0 });
    } else {
      existing.messages.push(added);
    }
    this.#threads.set(caseId, threads);
    return added;
  }

  /** Conversations made elsewhere; for lists too long to add one by one. */
  setThreads(caseId: string, threads: ThreadView[]): void {
    this.#threads.set(caseId, threads);
  }

  change(id: string, change: Partial<MessageView>): void {
    for (const threads of this.#threads.values()) {
      for (const thread of threads) {
        thread.messages = thread.messages.map((each) =>
          each.id === id ? { ...each, ...change } : each,
        );
      }
    }
  }

  /** A refused message becomes a draft again. */
  writeAgain(command: string): void {
    for (const [caseId, threads] of this.#threads) {
      for (const { id: thread, message_type, messages } of threads) {
        const found = messages.find((each) => each.command === command);
        if (found !== undefined) {
          this.remove(caseId, found.id);
          const place = { case: caseId, thread: thread === found.id ? null : thread };
          this.putBelow({ ...place, message_type, text: found.text });
          return;
        }
      }
    }
  }

  remove(caseId: string, id: string): void {
    const threads = this.#threads.get(caseId) ?? [];
    for (const thread of threads) {
      thread.messages = thread.messages.filter((each) => each.id !== id);
    }
    this.#threads.set(
      caseId,
      threads.filter((each) => each.messages.length > 0),
    );
  }

  unread(caseId: string): number {
    return this.threads(caseId).reduce((sum, thread) => sum + thread.unread, 0);
  }

  markRead(shown: Shown): void {
    for (const thread of this.#threads.get(shown.case) ?? []) {
      if (thread.id === shown.thread) {
        thread.messages = thread.messages.map((each) => ({
          ...each,
          unread: each.unread && each.at > shown.up_to,
        }));
      }
    }
  }

  threads(caseId: string): ThreadView[] {
    const newestFirst = (a: MessageView, b: MessageView) => b.at.localeCompare(a.at);
    return (this.#threads.get(caseId) ?? [])
      .map((thread) => ({
        ...thread,
        messages: thread.messages.toSorted(newestFirst),
        unread: thread.messages.filter((each) => each.unread).length,
      }))
      .sort((a, b) => (b.messages[0]?.at ?? '').localeCompare(a.messages[0]?.at ?? ''));
  }

  list(caseId: string): MessageList {
    const drafts = [...this.#drafts.values()].filter((draft) => draft.case === caseId);
    return {
      threads: this.threads(caseId),
      drafts: drafts.map(({ case: _, ...draft }) => draft),
      message_types: this.types,
      max_length: this.maxLength,
    };
  }

  /** The text of a draft; undefined if there is none. */
  draft(caseId: string, thread: string | null = null): string | undefined {
    return this.#drafts.get(keyOf({ case: caseId, thread }))?.text;
  }

  saveDraft({ case: caseId, thread, message_type, text }: Written): void {
    const place = { case: caseId, thread };
    this.#keepVersion(place, false);
    if (text === '') {
      this.#drafts.delete(keyOf(place));
    } else {
      const saved_at = '2026-11-22T13:00:00Z';
      this.#drafts.set(keyOf(place), { ...place, message_type, text, saved_at });
    }
  }

  /** The text stops being a draft; a discarded one stays in the history. */
  endDraft(place: DraftPlace, discarded: boolean): void {
    if (discarded) {
      this.#keepVersion(place, true);
    }
    this.#drafts.delete(keyOf(place));
  }

  versions(place: DraftPlace): DraftVersion[] {
    return this.#versions.get(keyOf(place)) ?? [];
  }

  /** A history as it might have come to be. */
  setVersions(place: DraftPlace, versions: DraftVersion[]): void {
    this.#versions.set(keyOf(place), versions);
  }

  restore(place: DraftPlace, version: string): void {
    const found = this.versions(place).find((each) => each.version === version);
    if (found !== undefined) {
      const message_type = this.#drafts.get(keyOf(place))?.message_type ?? 'note';
      this.saveDraft({ ...place, message_type, text: found.text });
    }
  }

  send(written: Written, of: OfCase, author: string, outbox: FakeOutbox): void {
    const place = { case: written.case, thread: written.thread };
    this.endDraft(place, false);
    const message = this.add(
      written.case,
      { author, mine: true, at: '2026-11-22T13:30:00Z', text: written.text, state: 'queued' },
      { ...(written.thread !== null && { thread: written.thread }), type: written.message_type },
    );
    outbox.add(
      { ...of, state: 'queued', text: written.text },
      {
        moved: (state, reason) => this.change(message.id, { state, reason }),
        givenBack: () => {
          this.remove(written.case, message.id);
          this.putBelow(written);
        },
      },
    );
  }

  /** As in the store: below what has been written there since. */
  putBelow(written: Written): void {
    const before = this.draft(written.case, written.thread);
    this.saveDraft({
      ...written,
      text: before === undefined ? written.text : `${before}\n\n${written.text}`,
    });
  }

  #keepVersion(place: DraftPlace, discarded: boolean): void {
    const draft = this.#drafts.get(keyOf(place));
    if (draft !== undefined) {
      this.#next += 1;
      const { text, saved_at } = draft;
      const version = { version: `version-${this.#next}`, text, saved_at, discarded };
      this.#versions.set(keyOf(place), [version, ...this.versions(place)]);
    }
  }
}

function keyOf(place: DraftPlace): string {
  return `${place.case}/${place.thread}`;
}
