/** What was written in the fake core and waits for its server, which is a test's own hand. */
import type { CommandState, OutboxEntry, Rejection } from '../generated/rpc';

/** Which case an entry is about. */
export type OfCase = Pick<OutboxEntry, 'case' | 'subject' | 'number' | 'here'>;

/** What the command's record does when the command moves, and when it is taken back. */
export type Effect = {
  moved: (state: CommandState, reason: Rejection | null) => void;
  givenBack: () => void;
};

const NO_EFFECT: Effect = { moved: () => {}, givenBack: () => {} };

export class FakeOutbox {
  entries: OutboxEntry[] = [];
  readonly #effects = new Map<string, Effect>();
  #next = 0;

  add(
    entry: Partial<OutboxEntry> & Pick<OutboxEntry, 'state'>,
    effect: Effect = NO_EFFECT,
  ): OutboxEntry {
    this.#next += 1;
    const added: OutboxEntry = {
      command: `command-${this.#next}`,
      kind: 'send_message',
      case: 'case-1',
      subject: 'F-gas, kategori I',
      number: 'SE-24-10482',
      here: entry.number !== null,
      text: 'Hej, jag har lagt till ett uppdrag.',
      file_name: null,
      sending: null,
      reason: null,
      written_at: '2026-11-22T13:30:00Z',
      sent_at: null,
      decided_at: null,
      can_withdraw: entry.state === 'queued',
      ...entry,
    };
    this.entries = [added, ...this.entries];
    this.#effects.set(added.command, effect);
    return added;
  }

  get waiting(): number {
    const undecided: CommandState[] = ['queued', 'sent', 'stuck'];
    return this.entries.filter((entry) => undecided.includes(entry.state)).length;
  }

  /** The command that was added last. */
  newest(): string {
    return `command-${this.#next}`;
  }

  /** Every command that has no answer moves on; what is decided stays, as in the store. */
  move(state: CommandState, reason: Rejection | null = null): void {
    for (const entry of this.entries) {
      if (entry.state === 'queued' || entry.state === 'sent') {
        this.#effects.get(entry.command)?.moved(state, reason);
      }
    }
    const isDecided = state === 'received' || state === 'refused';
    this.entries = this.entries.map((entry) => ({
      ...entry,
      ...(entry.state === 'queued' || entry.state === 'sent'
        ? {
            state,
            reason,
            can_withdraw: state === 'queued',
            ...(isDecided && { sending: null, decided_at: '2026-11-22T13:32:00Z' }),
          }
        : {}),
    }));
  }

  /** How far the files have come; the entries say it as their documents do. */
  progress(done: number): void {
    this.entries = this.entries.map((entry) =>
      entry.sending === null ? entry : { ...entry, sending: { ...entry.sending, done } },
    );
  }

  /**
   * Taking back and doing again end alike: it is as it was before, the entry is gone. Gives the entry
   * if it is one that a test put there and that has nothing behind it.
   */
  giveBack(command: string): OutboxEntry | null {
    const entry = this.entries.find((each) => each.command === command);
    const effect = this.#effects.get(command);
    effect?.givenBack();
    this.entries = this.entries.filter((each) => each.command !== command);
    return effect === NO_EFFECT && entry !== undefined ? entry : null;
  }
}
