/**
 * The texts being written anywhere in the window: messages, notes on files, reasons. Once a person
 * has touched a text, what stands here is the truth: nothing from the core replaces it. It is saved
 * on this computer 300 ms after the last key, and at once when the field is left. A text outlives its
 * field only until it is saved: from then on the core's draft counts, because other acts write there
 * too (a message taken back becomes a draft).
 */
import type { RpcFault } from '../../platform';
import { toFault } from '../../platform';

/** KW-45: at most this much writing is lost if the computer dies. */
export const SAVE_AFTER_MS = 300;
/** Whoever types without a pause is saved this often. */
export const SAVE_AT_LATEST_MS = 1_000;
/** A save that failed is tried again after this: the disk may have room by then. */
export const RETRY_AFTER_MS = 3_000;

export type Content = {
  readonly text: string;
  /** A message type's code; empty where the text has no types. */
  readonly type: string;
};

export type Draft = Content & {
  /** Whether the core has exactly this text. */
  readonly status: 'saved' | 'pending' | 'failed';
  readonly fault: RpcFault | null;
};

/** Brings a text to the core, which keeps it on this computer. */
export type SaveContent = (content: Content) => Promise<unknown>;

type Entry = {
  draft: Draft;
  save: SaveContent;
  timer: ReturnType<typeof setTimeout> | null;
  /** When the oldest key that no save has begun for was pressed. */
  unsavedSince: number | null;
  /** Ends when the saves that have begun have ended; saves of one text never overtake each other. */
  chain: Promise<void>;
  /** Ends when the text has been sent or discarded, or has not; null while that is not under way. */
  ending: Promise<void> | null;
  /** Ends `ending`. */
  letGo: () => void;
};

export class Drafts {
  readonly #entries = new Map<string, Entry>();
  /** The texts whose field is on screen. */
  readonly #onScreen = new Set<string>();
  /** The fields that the person opened and has not closed, on screen or not. */
  readonly #opened = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #isLocked = false;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Null while nobody has touched this text: then the core's draft is shown. */
  get(key: string): Draft | null {
    return this.#entries.get(key)?.draft ?? null;
  }

  /** Opens or closes a field that stands only when it is asked for. */
  setOpened(key: string, opened: boolean): void {
    if (opened) {
      this.#opened.add(key);
    } else {
      this.#opened.delete(key);
    }
    this.#tell();
  }

  isOpened(key: string): boolean {
    return this.#opened.has(key);
  }

  opened(): Iterable<string> {
    return this.#opened;
  }

  /** The field is on screen; `leave` when it goes. */
  enter(key: string): void {
    this.#onScreen.add(key);
  }

  write(key: string, content: Content, save: SaveContent): void {
    const entry = this.#entries.get(key) ?? newEntry(save);
    this.#entries.set(key, entry);
    entry.save = save;
    stopTimer(entry);
    letGo(entry);
    entry.unsavedSince ??= Date.now();
    const left = entry.unsavedSince + SAVE_AT_LATEST_MS - Date.now();
    const wait = Math.max(0, Math.min(SAVE_AFTER_MS, left));
    entry.timer = setTimeout(() => void this.flush(key), wait);
    this.#set(entry, { ...content, status: 'pending', fault: null });
  }

  /**
   * Saves now what is not saved. What is being sent is not, or it would stand there again once it is
   * sent: how the sending ends is awaited. Never rejects: the draft's status says how it went.
   */
  async flush(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      return;
    }
    while (entry.ending !== null) {
      await entry.ending;
    }
    stopTimer(entry);
    entry.unsavedSince = null;
    if (entry.draft.status !== 'saved') {
      const { draft } = entry;
      entry.chain = entry.chain.then(() => this.#saveOnce(key, entry, draft));
    }
    await entry.chain;
  }

  /** Saves everything; false if some text could not be saved. */
  async flushAll(): Promise<boolean> {
    await Promise.all([...this.#entries.keys()].map((key) => this.flush(key)));
    for (const [key, entry] of this.#entries) {
      // A text whose first save failed when its field was left is saved now, and no longer needed.
      this.#forgetIfIdle(key, entry);
    }
    return this.unsaved() === null;
  }

  /** A text that the core does not have, one that failed before one that waits; null if it has them all. */
  readonly unsaved = (): Draft | null => {
    const all = [...this.#entries.values()].map(({ draft }) => draft);
    const first = (status: Draft['status']) => all.find((draft) => draft.status === status);
    return first('failed') ?? first('pending') ?? null;
  };

  /**
   * Begins no more saves, and waits for those that have begun, before a text is sent or discarded. None
   * begins until `done` says that it is, or `write` that it is not or that something else stands there.
   */
  async settle(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      stopTimer(entry);
      entry.ending ??= new Promise((resolve) => {
        entry.letGo = resolve;
      });
      await entry.chain;
      // The save that was waited for may have failed and be about to be tried again.
      stopTimer(entry);
    }
  }

  /**
   * The program has locked, by itself too: nothing can be saved, and only what is not saved is kept, to
   * be saved when it is open again. It is always the same person's.
   */
  lock(): void {
    this.#isLocked = true;
    for (const [key, entry] of this.#entries) {
      stopTimer(entry);
      if (entry.draft.status === 'saved') {
        letGo(entry);
        this.#entries.delete(key);
      }
    }
    for (const key of this.#opened) {
      if (!this.#entries.has(key)) {
        this.#opened.delete(key);
      }
    }
    this.#tell();
  }

  /** What was written here is not to be kept: the replica that it belonged to was erased by order. */
  forgetAll(): void {
    for (const entry of this.#entries.values()) {
      stopTimer(entry);
      letGo(entry);
    }
    this.#entries.clear();
    this.#opened.clear();
    this.#tell();
  }

  unlock(): void {
    this.#isLocked = false;
    void this.flushAll();
  }

  /** The text has been sent or discarded. What was written since then stays. */
  done(key: string, text: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      return;
    }
    if (entry.draft.text === text || entry.draft.text === '') {
      this.replaced(key, { text: '', type: '' });
      this.#forgetIfIdle(key, entry);
    } else {
      this.write(key, entry.draft, entry.save);
    }
  }

  /** The core put another text in this one's place because the person asked for it. */
  replaced(key: string, content: Content): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      stopTimer(entry);
      letGo(entry);
      this.#set(entry, { ...content, status: 'saved', fault: null });
    }
  }

  /** Saves what is not saved; the text is then forgotten, and the core's draft counts again. */
  async leave(key: string): Promise<void> {
    this.#onScreen.delete(key);
    await this.flush(key);
    const entry = this.#entries.get(key);
    if (entry !== undefined) {
      this.#forgetIfIdle(key, entry);
    }
  }

  #forgetIfIdle(key: string, entry: Entry): void {
    const isThere = this.#entries.get(key) === entry;
    if (isThere && entry.draft.status === 'saved' && !this.#onScreen.has(key)) {
      this.#entries.delete(key);
    }
  }

  async #saveOnce(key: string, entry: Entry, draft: Draft): Promise<void> {
    const { text, type } = draft;
    let fault: RpcFault | null = null;
    try {
      await entry.save({ text, type });
    } catch (thrown) {
      fault = toFault(thrown);
    }
    // More may have been written meanwhile; then its own save will tell.
    if (entry.draft === draft) {
      this.#set(entry, { text, type, status: fault === null ? 'saved' : 'failed', fault });
      if (fault !== null) {
        this.#retryLater(key, entry);
      }
    }
  }

  /** Until it has been saved or something else is written there; it is told as not saved meanwhile. */
  #retryLater(key: string, entry: Entry): void {
    stopTimer(entry);
    if (!this.#isLocked) {
      entry.timer = setTimeout(async () => {
        await this.flush(key);
        this.#forgetIfIdle(key, entry);
      }, RETRY_AFTER_MS);
    }
  }

  #set(entry: Entry, draft: Draft): void {
    entry.draft = draft;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

function newEntry(save: SaveContent): Entry {
  return {
    draft: { text: '', type: '', status: 'saved', fault: null },
    save,
    timer: null,
    unsavedSince: null,
    chain: Promise.resolve(),
    ending: null,
    letGo: () => {},
  };
}

/** Saves may begin again. */
function letGo(entry: Entry): void {
  entry.ending = null;
  entry.letGo();
}

function stopTimer(entry: Entry): void {
  if (entry.timer !== null) {
    clearTimeout(entry.timer);
    entry.timer = null;
  }
}
