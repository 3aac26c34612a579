/**
 * The program behind the window, in memory, for tests only. It keeps the contract's promises (newest
 * first, drafts per case, one answer to each call) and has knobs for what a test needs to happen.
 * Nothing in the product may import it.
 */
import type {
  CaseView,
  Code,
  CommandState,
  MessageList,
  MessageView,
  OutboxEntry,
  SessionView,
  SyncView,
} from '../generated/rpc';
import {
  type Changed,
  type Method,
  type Params,
  type Platform,
  type Result,
  RpcFault,
  type Topic,
} from '../platform/platform';

type Handlers = { [M in Method]: (params: Params<M>) => Result<M> };

export const SERVER = 'http://127.0.0.1:8790';
export const HOLDER = 'Åsa Lindqvist';
/** Where the code goes, and the only one that is right. */
export const PHONE = '•••• 05';
export const SMS_CODE = '123456';
export const OFFICER = 'Göran Hägglund';

export class FakeCore implements Platform {
  session: SessionView = { state: 'open', server: SERVER, name: HOLDER };
  sync: SyncView = {
    line: 'online',
    waiting: 0,
    last_contact: '2026-11-22T12:55:00Z',
    fault: null,
  };
  cases: CaseView[] = [
    newCase('case-1', 'F-gas, kategori I', 'SE-24-10482'),
    newCase('case-2', 'Sakkunnig brandskydd', 'SE-21-03311'),
  ];
  maxLength = 4_000;
  readonly messages = new Map<string, MessageView[]>();
  readonly drafts = new Map<string, string>();
  outbox: OutboxEntry[] = [];
  /** Every call, in order. */
  readonly calls: Array<{ method: Method; params: unknown }> = [];

  readonly #faults = new Map<Method, { code: Code; params: Record<string, unknown> }>();
  readonly #listeners = new Set<(changed: Changed) => void>();
  #nextId = 0;
  #signingInTo = SERVER;

  /** The next calls of this method fail; without a code they work again. */
  failOn(method: Method, code: Code | null, params: Record<string, unknown> = {}): void {
    if (code === null) {
      this.#faults.delete(method);
    } else {
      this.#faults.set(method, { code, params });
    }
  }

  /** What the core does when something changed, from this window or from the server. */
  announce(...topics: Topic[]): void {
    for (const listener of this.#listeners) {
      listener({ topics });
    }
  }

  callsOf<M extends Method>(method: M): Array<Params<M>> {
    return this.calls
      .filter((call) => call.method === method)
      .map((call) => call.params as Params<M>);
  }

  addMessage(caseId: string, message: Partial<MessageView> & { text: string }): MessageView {
    this.#nextId += 1;
    const added: MessageView = {
      id: `message-${this.#nextId}`,
      author: OFFICER,
      mine: false,
      at: '2026-11-20T08:15:00Z',
      state: 'received',
      reason: null,
      ...message,
    };
    const all = [...(this.messages.get(caseId) ?? []), added];
    this.messages.set(
      caseId,
      all.sort((a, b) => b.at.localeCompare(a.at)),
    );
    return added;
  }

  addToOutbox(entry: Partial<OutboxEntry> & { state: CommandState }): OutboxEntry {
    this.#nextId += 1;
    const added: OutboxEntry = {
      command: `command-${this.#nextId}`,
      kind: 'send_message',
      subject: 'F-gas, kategori I',
      text: 'Hej, jag har lagt till ett uppdrag.',
      reason: null,
      written_at: '2026-11-22T13:30:00Z',
      sent_at: null,
      decided_at: null,
      can_withdraw: entry.state === 'queued',
      ...entry,
    };
    this.outbox = [added, ...this.outbox];
    this.sync = { ...this.sync, waiting: this.outbox.filter(isWaiting).length };
    return added;
  }

  async call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    this.calls.push({ method, params });
    // As over the real border: an answer never comes in the same turn, and shares nothing.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const fault = this.#faults.get(method);
    if (fault !== undefined) {
      throw new RpcFault({ ...fault, correlation_id: 'fake-1' });
    }
    return structuredClone(this.#handlers[method](params));
  }

  async listen(onChanged: (changed: Changed) => void): Promise<() => void> {
    this.#listeners.add(onChanged);
    return () => this.#listeners.delete(onChanged);
  }

  #setSession(session: SessionView): SessionView {
    this.session = session;
    this.announce('session', 'sync', 'cases', 'messages', 'outbox');
    return session;
  }

  #startSignIn(server: string): SessionView {
    const waiting: SessionView = { state: 'code_needed', phone: PHONE };
    this.#signingInTo = server;
    // Signing in again leaves the program open: only the answer says that a code is needed.
    return this.session.state === 'open' ? waiting : this.#setSession(waiting);
  }

  #enterCode(code: string): SessionView {
    if (code !== SMS_CODE) {
      throw new RpcFault({ code: 'wrong_code', params: {}, correlation_id: 'fake-1' });
    }
    return this.#setSession({ state: 'open', server: this.#signingInTo, name: HOLDER });
  }

  #cancelSignIn(): SessionView {
    return this.session.state === 'code_needed'
      ? this.#setSession({ state: 'signed_out' })
      : this.session;
  }

  #list(caseId: string): MessageList {
    return {
      messages: this.messages.get(caseId) ?? [],
      draft: this.drafts.get(caseId) ?? null,
      max_length: this.maxLength,
    };
  }

  #send(caseId: string, text: string): Record<string, never> {
    this.drafts.delete(caseId);
    const at = '2026-11-22T13:30:00Z';
    this.addMessage(caseId, { author: HOLDER, mine: true, at, text, state: 'queued' });
    const subject = this.cases.find((each) => each.id === caseId)?.title ?? '';
    this.addToOutbox({ state: 'queued', subject, text });
    this.announce('messages', 'outbox', 'sync', 'cases');
    return {};
  }

  /** Taking back and writing again end alike: the text is a draft, the entry is gone. */
  #giveBack(command: string): Record<string, never> {
    const entry = this.outbox.find((each) => each.command === command);
    const caseId = this.cases.find((each) => each.title === entry?.subject)?.id;
    if (entry !== undefined && caseId !== undefined) {
      // As in the store: below what has been written there since.
      const draft = this.drafts.get(caseId);
      this.drafts.set(caseId, draft ? `${draft}\n\n${entry.text}` : entry.text);
    }
    this.outbox = this.outbox.filter((entry) => entry.command !== command);
    this.sync = { ...this.sync, waiting: this.outbox.filter(isWaiting).length };
    this.announce('messages', 'outbox', 'sync', 'cases');
    return {};
  }

  readonly #handlers: Handlers = {
    'session.state': () => this.session,
    'session.sign_in': ({ server }) => this.#startSignIn(server),
    'session.code': ({ code }) => this.#enterCode(code),
    'session.code_again': () => ({ state: 'code_needed', phone: PHONE }),
    'session.sign_in_cancel': () => this.#cancelSignIn(),
    'session.unlock': () => this.#setSession({ state: 'open', server: SERVER, name: HOLDER }),
    'session.lock': () => this.#setSession({ state: 'locked', server: SERVER }),
    'sync.state': () => this.sync,
    'sync.now': () => this.sync,
    'cases.list': () => this.cases,
    'messages.list': (params) => this.#list(params.case),
    'messages.send': (params) => this.#send(params.case, params.text),
    'messages.draft_save': (params) => {
      this.drafts.set(params.case, params.text);
      return {};
    },
    'messages.draft_discard': (params) => {
      this.drafts.delete(params.case);
      return {};
    },
    'outbox.list': () => this.outbox,
    'outbox.withdraw': (params) => this.#giveBack(params.command),
    'outbox.write_again': (params) => this.#giveBack(params.command),
  };
}

function isWaiting(entry: OutboxEntry): boolean {
  return entry.state === 'queued' || entry.state === 'sent' || entry.state === 'stuck';
}

function newCase(id: string, title: string, number: string): CaseView {
  return {
    id,
    title,
    number,
    holder: HOLDER,
    officer: OFFICER,
    mine_to_handle: false,
    last_message_at: '2026-11-20T08:15:00Z',
    waiting: 0,
  };
}
