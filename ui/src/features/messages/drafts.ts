/**
 * The texts being written, by case. Once a person has touched a text, what stands here is the truth:
 * nothing from the core replaces it. It is saved on this computer 300 ms after the last key, and at
 * once when the field is left. A text outlives its field only until it is saved: from then on the
 * core's draft counts, because other acts write there too (a message taken back becomes a draft).
 */
import type { RpcFault } from '../../platform';
import { toFault } from '../../platform';

/** KW-45: at most this much writing is lost if the computer dies. */
export const SAVE_AFTER_MS = 300;

export type Draft = {
  readonly text: string;
  /** Whether the core has exactly this text. */
  readonly status: 'saved' | 'pending' | 'failed';
  readonly fault: RpcFault | null;
};

type Entry = {
  draft: Draft;
  timer: ReturnType<typeof setTimeout> | null;
  /** Ends when the saves that have begun have ended; saves of one case never overtake each other. */
  chain: Promise<void>;
};

export type SaveDraft = (caseId: string, text: string) => Promise<unknown>;

export class Drafts {
  readonly #save: SaveDraft;
  readonly #entries = new Map<string, Entry>();
  /** The cases whose field is on screen. */
  readonly #open = new Set<string>();
  readonly #listeners = new Set<() => void>();

  constructor(save: SaveDraft) {
    this.#save = save;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Null while nobody has touched the text of this case: then the core's draft is shown. */
  get(caseId: string): Draft | null {
    return this.#entries.get(caseId)?.draft ?? null;
  }

  /** The field is on screen; `leave` when it goes. */
  enter(caseId: string): void {
    this.#open.add(caseId);
  }

  write(caseId: string, text: string): void {
    const entry = this.#entries.get(caseId) ?? newEntry();
    this.#entries.set(caseId, entry);
    stopTimer(entry);
    entry.timer = setTimeout(() => void this.flush(caseId), SAVE_AFTER_MS);
    this.#set(entry, { text, status: 'pending', fault: null });
  }

  /** Saves now what is not saved. Never rejects: the draft's status says how it went. */
  async flush(caseId: string): Promise<void> {
    const entry = this.#entries.get(caseId);
    if (entry === undefined) {
      return;
    }
    stopTimer(entry);
    if (entry.draft.status !== 'saved') {
      const { text } = entry.draft;
      entry.chain = entry.chain.then(() => this.#saveOnce(caseId, entry, text));
    }
    await entry.chain;
  }

  /** Saves everything; false if some text could not be saved. */
  async flushAll(): Promise<boolean> {
    await Promise.all([...this.#entries.keys()].map((caseId) => this.flush(caseId)));
    const entries = [...this.#entries];
    for (const [caseId, entry] of entries) {
      // A text whose first save failed when its field was left is saved now, and no longer needed.
      this.#forgetIfIdle(caseId, entry);
    }
    return entries.every(([, entry]) => entry.draft.status === 'saved');
  }

  /** Begins no more saves and waits for those that have begun, before a text is sent or discarded. */
  async settle(caseId: string): Promise<void> {
    const entry = this.#entries.get(caseId);
    if (entry !== undefined) {
      stopTimer(entry);
      await entry.chain;
    }
  }

  /** The text has been sent or discarded. What was written since then stays. */
  done(caseId: string, text: string): void {
    const entry = this.#entries.get(caseId) ?? newEntry();
    this.#entries.set(caseId, entry);
    if (entry.draft.text === text || entry.draft.text === '') {
      stopTimer(entry);
      this.#set(entry, { text: '', status: 'saved', fault: null });
      this.#forgetIfIdle(caseId, entry);
    } else {
      this.write(caseId, entry.draft.text);
    }
  }

  /** Saves what is not saved; the text is then forgotten, and the core's draft counts again. */
  async leave(caseId: string): Promise<void> {
    this.#open.delete(caseId);
    await this.flush(caseId);
    const entry = this.#entries.get(caseId);
    if (entry !== undefined) {
      this.#forgetIfIdle(caseId, entry);
    }
  }

  #forgetIfIdle(caseId: string, entry: Entry): void {
    if (entry.draft.status === 'saved' && !this.#open.has(caseId)) {
      this.#entries.delete(caseId);
    }
  }

  async #saveOnce(caseId: string, entry: Entry, text: string): Promise<void> {
    let fault: RpcFault | null = null;
    try {
      await this.#save(caseId, text);
    } catch (thrown) {
      fault = toFault(thrown);
    }
    // More may have been written meanwhile; then its own save will tell.
    if (entry.draft.text === text && entry.draft.status !== 'saved') {
      this.#set(entry, { text, status: fault === null ? 'saved' : 'failed', fault });
    }
  }

  #set(entry: Entry, draft: Draft): void {
    entry.draft = draft;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

function newEntry(): Entry {
  return {
    draft: { text: '', status: 'saved', fault: null },
    timer: null,
    chain: Promise.resolve(),
  };
}

function stopTimer(entry: Entry): void {
  if (entry.timer !== null) {
    clearTimeout(entry.timer);
    entry.timer = null;
  }
}
