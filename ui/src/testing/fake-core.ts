/**
 * The program behind the window, in memory, for tests only. It keeps the contract's promises (newest
 * first, drafts by place, one answer to each call) and has knobs for what a test needs to happen.
 * Nothing in the product may import it.
 */
import type {
  AccountView,
  Application,
  ApplicationForm,
  CaseView,
  Code,
  CommandState,
  DeviceView,
  ExportDone,
  FoundGroup,
  KeyringState,
  LeftEntry,
  MessageView,
  NoteList,
  Offer,
  OutboxEntry,
  OverviewView,
  Progress,
  ProposalView,
  Rejection,
  ServiceList,
  SessionView,
  SettingsView,
  SyncView,
  WorkloadView,
} from '../generated/rpc';
import {
  type Events,
  type Method,
  type Params,
  type Platform,
  type Result,
  RpcFault,
  type Topic,
} from '../platform/platform';
import { FakeApplicants } from './fake-applicants';
import { FakeCases } from './fake-cases';
import { FakeContact } from './fake-contact';
import { FakeDocuments } from './fake-documents';
import { FakeMessages } from './fake-messages';
import { FakeOutbox, type OfCase } from './fake-outbox';
import { drafted, NO_TEMPLATES } from './fake-templates';

type Handlers = { [M in Method]: (params: Params<M>) => Result<M> };

export const SERVER = 'http://127.0.0.1:8790';
export const HOLDER = 'Åsa Lindqvist';
/** Where the code goes, and the only one that is right. */
export const PHONE = '•••• 05';
export const SMS_CODE = '123456';
export const RECOVERY_CODE = 'AAAA-BBBB-CCCC-DDDD';
export const PIN = '471108';
/** A program that is locked behind a PIN. */
export const LOCKED = { state: 'locked', server: SERVER, keyring: true, tries_left: 10 } as const;
export const OFFICER = 'Göran Hägglund';

export class FakeCore implements Platform {
  session: SessionView = {
    state: 'open',
    server: SERVER,
    name: HOLDER,
    keyring: true,
    staff: false,
  };
  /** How the computer's keyring is. */
  keyring: KeyringState = 'ready';
  /** What unlocks, and how often it may be wrong. */
  pin = PIN;
  triesLeft = 10;
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
  /** The person's account at the server; the password is what signs in. */
  account: AccountView = newAccount();
  password = 'kyla och värme';
  readonly applicants = new FakeApplicants();
  readonly messages = new FakeMessages();
  readonly documents = new FakeDocuments();
  readonly contact = new FakeContact();
  notes: NoteList = { notes: [], draft: '', max: 4_000, mine_to_write: true };
  templates = NO_TEMPLATES;
  workload: WorkloadView = { rows: [], at: '2026-11-22T13:00:00Z' };
  services: ServiceList = {
    services: [
      {
        id: 'service-1',
        name: { sv: 'Personcertifiering', en: 'Certification of persons' },
        page: { sv: '<b>Läs</b> det här först.\n\nAndra stycket.', en: 'Read this first.' },
        news: [],
        support_email: 'support@issuer.example',
        support_phone: '010-516 63 03',
        support_hours: { sv: 'Vardagar', en: 'Weekdays' },
        feedback: '',
      },
    ],
    version: '0.1.0',
  };
  /** What there is to see before anything is opened. */
  overview: OverviewView = { needs: [], news: [], queued: 0, sent: 0, stuck: 0, refused: 0 };
  /** What words find. */
  found: (text: string) => FoundGroup[] = () => [];
  unread = 0;
  settings: SettingsView = {
    folder: '/home/asa/.local/share/behorig',
    bytes: 12_400_000,
    kept_files: 2,
    kept_bytes: 900_000,
    lock_after: 15,
  };
  exporting: Progress | null = null;
  exported: ExportDone = { saved: true, cases: 2, files: 3, missing: [] };
  /** What can be applied for, and the application that is being written. */
  offers: Offer[] = [];
  application: Application | null = null;
  readonly work = new FakeCases();
  readonly #outbox = new FakeOutbox();
  /** What was begun in cases that are no longer here. */
  left: LeftEntry[] = [];
  readonly #removed = new Set<string>();
  /** Every call, in order. */
  readonly calls: Array<{ method: Method; params: unknown }> = [];

  readonly #faults = new Map<Method, { code: Code; params: Record<string, unknown> }>();
  readonly #listeners = new Map<keyof Events, Set<(payload: never) => void>>();
  #signingInTo = SERVER;
  #withKeyring = true;
  #held: Method | null = null;
  #letGo: () => void = () => undefined;

  /** The next calls of this method fail; without a code they work again. */
  failOn(method: Method, code: Code | null, params: Record<string, unknown> = {}): void {
    if (code === null) {
      this.#faults.delete(method);
    } else {
      this.#faults.set(method, { code, params });
    }
  }

  /** The next call of this method is answered when `release` says so. */
  hold(method: Method): void {
    this.#held = method;
  }

  release(): void {
    this.#held = null;
    this.#letGo();
  }

  /** What the core does when something changed, from this window or from the server. */
  announce(...topics: Topic[]): void {
    this.emit('changed', { topics });
  }

  emit<E extends keyof Events>(event: E, payload: Events[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      listener(payload as never);
    }
  }

  callsOf<M extends Method>(method: M): Array<Params<M>> {
    return this.calls
      .filter((call) => call.method === method)
      .map((call) => call.params as Params<M>);
  }

  get outbox(): OutboxEntry[] {
    return this.#outbox.entries;
  }

  addMessage(...message: Parameters<FakeMessages['add']>): MessageView {
    return this.messages.add(...message);
  }

  addToOutbox(entry: Partial<OutboxEntry> & { state: CommandState }): OutboxEntry {
    const caseId = entry.case ?? 'case-1';
    const number = this.cases.find((each) => each.id === caseId)?.number ?? null;
    const added = this.#outbox.add({ case: caseId, number, ...entry });
    this.#countWaiting();
    return added;
  }

  /** The line comes or goes; nothing moves by itself. */
  setLine(line: SyncView['line']): void {
    this.sync = { ...this.sync, line };
    this.announce('sync');
  }

  /** Files that are being sent have come this far. */
  sendPart(done: number): void {
    this.#outbox.progress(done);
    for (const { id } of this.cases) {
      for (const { documents } of this.documents.list(id, false).rows) {
        for (const document of documents) {
          if (document.sending !== null) {
            this.documents.change(document.id, { sending: { ...document.sending, done } });
          }
        }
      }
    }
    this.announce('documents', 'outbox');
  }

  /** All that waits moves on: it is sent, received, or refused by the server. */
  move(state: CommandState, reason: Rejection | null = null): void {
    this.#outbox.move(state, reason);
    this.#wrote();
  }

  async call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    this.calls.push({ method, params });
    // As over the real border: an answer never comes in the same turn, and shares nothing.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (method === this.#held) {
      await new Promise<void>((resolve) => {
        this.#letGo = resolve;
      });
    }
    const fault = this.#faults.get(method);
    if (fault !== undefined) {
      throw new RpcFault({ ...fault, correlation_id: 'fake-1' });
    }
    return structuredClone(this.#handlers[method](params));
  }

  async listen<E extends keyof Events>(
    event: E,
    onEvent: (payload: Events[E]) => void,
  ): Promise<() => void> {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(onEvent as (payload: never) => void));
    return () => listeners.delete(onEvent as (payload: never) => void);
  }

  #setSession(session: SessionView): SessionView {
    this.session = session;
    this.announce('session', 'sync', 'cases', 'messages', 'documents', 'outbox');
    return session;
  }

  #startSignIn(server: string, keyring: boolean): SessionView {
    const waiting = this.#codeNeeded();
    this.#signingInTo = server;
    this.#withKeyring = keyring;
    // Open or locked it stays as it is: only the answer says that a code is needed.
    return this.session.state === 'signed_out' ? this.#setSession(waiting) : waiting;
  }

  #codeNeeded(): SessionView {
    const factor = this.account.totp ? 'totp' : 'sms';
    return { state: 'code_needed', phone: PHONE, factor };
  }

  #checkPassword(password: string): void {
    if (password !== this.password) {
      throw new RpcFault({ code: 'wrong_password', params: {}, correlation_id: 'fake-1' });
    }
  }

  #setTotp(code: string, totp: boolean): AccountView {
    if (code !== SMS_CODE) {
      throw new RpcFault({ code: 'wrong_code', params: {}, correlation_id: 'fake-1' });
    }
    this.account = { ...this.account, totp };
    this.announce('account');
    return this.account;
  }

  #makeRecoveryCodes(): { codes: string[] } {
    this.account = { ...this.account, recovery_codes: 10 };
    this.announce('account');
    return { codes: Array.from('ABCDEFGHIJ', (letter) => `${letter}${RECOVERY_CODE.slice(1)}`) };
  }

  #enterCode(code: string): SessionView {
    if (code !== SMS_CODE && code !== RECOVERY_CODE.replaceAll('-', '')) {
      throw new RpcFault({ code: 'wrong_code', params: {}, correlation_id: 'fake-1' });
    }
    this.triesLeft = 10;
    return this.#open(this.#signingInTo);
  }

  #open(server: string): SessionView {
    const keyring = this.session.state === 'locked' ? this.session.keyring : this.#withKeyring;
    return this.#setSession({ state: 'open', server, name: HOLDER, keyring, staff: false });
  }

  #unlock(word: string): SessionView {
    if (word !== this.pin) {
      this.triesLeft -= 1;
      this.session = this.#locked();
      const params = { tries_left: this.triesLeft };
      throw new RpcFault({ code: 'wrong_pin', params, correlation_id: 'fake-1' });
    }
    return this.#open(SERVER);
  }

  #locked(): SessionView {
    const keyring = 'keyring' in this.session ? this.session.keyring : true;
    return { state: 'locked', server: SERVER, keyring, tries_left: this.triesLeft };
  }

  #changeWord(current: string, next: string): Record<string, never> {
    if (current !== this.pin) {
      throw new RpcFault({ code: 'wrong_pin', params: {}, correlation_id: 'fake-1' });
    }
    this.pin = next;
    return {};
  }

  #cancelSignIn(): SessionView {
    return this.session.state === 'code_needed'
      ? this.#setSession({ state: 'signed_out', erased: false })
      : this.session;
  }

  #changePassword(current: string, next: string): Record<string, never> {
    if (current !== this.password) {
      throw new RpcFault({ code: 'wrong_password', params: {}, correlation_id: 'fake-1' });
    }
    this.password = next;
    return {};
  }

  #endDevices(id: string | null, erase: boolean): AccountView {
    const isMeant = (device: DeviceView) => !device.this && (id === null || device.id === id);
    const devices = this.account.devices.filter((device) => erase || !isMeant(device));
    this.account = {
      ...this.account,
      devices: devices.map((device) => ({ ...device, erase: device.erase || isMeant(device) })),
    };
    this.announce('account');
    return this.account;
  }

  #countWaiting(): void {
    this.sync = { ...this.sync, waiting: this.#outbox.waiting };
  }

  #wrote(): Record<string, never> {
    this.#countWaiting();
    this.announce('messages', 'documents', 'contact', 'outbox', 'sync', 'cases');
    return {};
  }

  #case(caseId: string): CaseView {
    const found = this.cases.find((each) => each.id === caseId);
    if (found === undefined) {
      throw new Error(`no case ${caseId}`);
    }
    return found;
  }

  /** A case as an entry of the outbox tells it. */
  readonly #named = (caseId: string): OfCase => {
    const { id, title, number } = this.#case(caseId);
    return { case: id, subject: title, number, here: true };
  };

  /** What a list of cases says of messages and documents follows from them. */
  #cases(): CaseView[] {
    return this.cases.map((each) => ({
      ...each,
      ...this.documents.counts(each.id),
      unread: this.messages.unread(each.id),
      last_message_at: this.messages.threads(each.id)[0]?.messages[0]?.at ?? each.last_message_at,
    }));
  }

  #giveBack(command: string): Record<string, never> {
    const bare = this.#outbox.giveBack(command);
    this.messages.writeAgain(command);
    if (bare?.kind === 'send_message') {
      this.messages.putBelow({
        case: bare.case,
        thread: null,
        message_type: 'note',
        text: bare.text,
      });
    }
    return this.#wrote();
  }

  /** Something is done to a case as a whole. */
  #act(kind: OutboxEntry['kind'], caseId: string, text = ''): { command: string } {
    this.addToOutbox({ state: 'queued', kind, case: caseId, text, can_withdraw: true });
    return this.#queued();
  }

  #apply(text: string): { command: string } {
    const subject = this.offers[0]?.name.sv ?? '';
    const entry = {
      kind: 'apply' as const,
      case: 'case-new',
      number: null,
      here: false,
      subject,
      text,
    };
    this.addToOutbox({ state: 'queued', can_withdraw: true, ...entry });
    return this.#queued();
  }

  #applications(): ApplicationForm {
    const sent = this.outbox.filter(({ kind, state }) => kind === 'apply' && state !== 'received');
    const under_way = sent.map(({ command, subject, written_at, state, reason }) => {
      const name = { sv: subject, en: subject };
      return { command, name, renews: false, written_at, state, reason };
    });
    return { offers: this.offers, draft: this.application, under_way };
  }

  /** What the core says of a command that is in the outbox now. */
  #queued(): { command: string } {
    this.#wrote();
    return { command: this.#outbox.newest() };
  }

  #decide(
    of: string,
    handling: ProposalView['handling'],
    kind: OutboxEntry['kind'],
    why: string,
  ): { command: string } {
    this.contact.decide(handling, kind, why, this.#named(of), this.#outbox);
    return this.#queued();
  }

  readonly #handlers: Handlers = {
    'session.state': () => this.session,
    'session.sign_in': ({ server, keyring }) => this.#startSignIn(server, keyring),
    'session.code': ({ code }) => this.#enterCode(code),
    'session.code_again': () => this.#codeNeeded(),
    'session.sign_in_cancel': () => this.#cancelSignIn(),
    'session.unlock': ({ passphrase }) => this.#unlock(passphrase),
    'session.lock': () => this.#setSession(this.#locked()),
    'session.log_out': () => this.#setSession(this.#locked()),
    'session.change_passphrase': (params) => this.#changeWord(params.current, params.new),
    'session.forgotten': () => ({}),
    'account.state': () => this.account,
    'account.password_fault': ({ password, user_name }) =>
      password.length < 12 ? 'too_short' : password === user_name ? 'user_name' : null,
    'account.change_password': (params) => this.#changePassword(params.current, params.new),
    'account.totp_begin': ({ password }) => {
      this.#checkPassword(password);
      return { secret: 'ABCD EFGH', picture: ['101', '010', '111'] };
    },
    'account.totp_confirm': ({ code }) => this.#setTotp(code, true),
    'account.totp_remove': ({ password, code }) => {
      this.#checkPassword(password);
      return this.#setTotp(code, false);
    },
    'account.recovery_codes': ({ password }) => {
      this.#checkPassword(password);
      return this.#makeRecoveryCodes();
    },
    'account.recovery_save': () => ({ saved: true }),
    'account.end_devices': ({ device, erase }) => this.#endDevices(device, erase),
    'session.activity': () => ({}),
    'session.keyring': () => this.keyring,
    'session.keyring_again': () => this.keyring,
    'sync.state': () => this.sync,
    'sync.now': () => this.sync,
    'cases.list': () => this.#cases(),
    'cases.show': ({ case: caseId }) => this.work.show(caseId, this.#case(caseId)),
    'cases.assign': (params) => this.#act('assign_case', params.case),
    'cases.record_exam': (params) => this.#act('record_exam', params.case),
    'cases.grant': (params) => this.#act('grant_certificate', params.case, params.text),
    'cases.refuse': (params) => this.#act('refuse_application', params.case, params.text),
    'cases.letter_save': (letter) => {
      this.work.change(letter.case, { letter });
      return {};
    },
    'cases.exam_save': ({ case: caseId, ...exam }) => {
      this.work.change(caseId, { exam });
      return {};
    },
    'cases.withdraw': (params) => this.#act('withdraw_application', params.case),
    'cases.set_proofs': (params) => this.#act('set_proofs', params.case),
    'applications.form': () => this.#applications(),
    'applications.save': (application) => {
      this.application = application;
      return {};
    },
    'applications.send': ({ text }) => {
      this.application = null;
      return this.#apply(text);
    },
    'services.list': () => this.services,
    'services.feedback': () => ({}),
    'services.feedback_save': ({ service, text: feedback }) => {
      const services = this.services.services.map((each) =>
        each.id === service ? { ...each, feedback } : each,
      );
      this.services = { ...this.services, services };
      return {};
    },
    'overview.show': () => this.overview,
    'overview.seen': () => {
      this.overview = { ...this.overview, news: [] };
      this.announce('cases');
      return {};
    },
    'search.find': ({ text, kind }) => ({
      groups: this.found(text).filter((group) => kind === null || group.kind === kind),
      unread: this.unread,
    }),
    'settings.show': () => this.settings,
    'settings.lock_after': ({ minutes }) => {
      this.settings = { ...this.settings, lock_after: minutes };
      this.announce('settings');
      return {};
    },
    'settings.clear_kept': () => {
      this.settings = { ...this.settings, kept_files: 0, kept_bytes: 0 };
      this.announce('settings');
      return {};
    },
    'settings.open_folder': () => ({}),
    'export.start': () => this.exported,
    'export.state': () => ({ running: this.exporting }),
    'export.cancel': () => ({}),
    'queue.search': (params) => this.work.search(params),
    'applicants.list': () => this.applicants.list(),
    'applicants.show': ({ id }) => this.applicants.show(id),
    'applicants.activate': (params) => this.applicants.activate(params),
    'applicants.refuse': (params) => this.applicants.refuse(params),
    'messages.list': (params) => this.messages.list(params.case),
    'messages.send': (written) => {
      this.messages.send(written, this.#named(written.case), HOLDER, this.#outbox);
      return this.#queued();
    },
    'messages.mark_read': (params) => {
      this.messages.markRead(params);
      this.announce('messages', 'cases');
      return {};
    },
    'messages.draft_save': (written) => {
      this.messages.saveDraft(written);
      return {};
    },
    'messages.draft_discard': (place) => {
      this.messages.endDraft(place, true);
      return {};
    },
    'messages.draft_history': (place) => this.messages.versions(place),
    'messages.draft_restore': ({ version, ...place }) => {
      this.messages.restore(place, version);
      return {};
    },
    'documents.list': (params) =>
      this.documents.list(params.case, this.#case(params.case).mine_to_handle),
    'documents.pick': (params) => {
      const files = this.documents.pick(params.case, params.row);
      this.announce('documents');
      return files;
    },
    'documents.add_dropped': ({ case: caseId, row, dropped }) => {
      const file = this.documents.dropped.get(dropped);
      if (file === undefined) {
        throw new RpcFault({ code: 'file_failed', params: {}, correlation_id: 'fake-1' });
      }
      this.announce('documents');
      return this.documents.keep(caseId, row, file);
    },
    'documents.add_text': ({ case: caseId, row, thread, name }) => {
      const file = this.documents.file(`${name}.docx`, 14_000);
      this.documents.keep(caseId, row, file);
      this.messages.endDraft({ case: caseId, thread }, false);
      this.announce('documents', 'messages');
      return file;
    },
    'documents.note_save': ({ file, note }) => {
      this.documents.note(file, note);
      return {};
    },
    'documents.submit': ({ file, note }) => {
      this.documents.submit(file, note, this.#named, this.#outbox);
      return this.#queued();
    },
    'documents.move': ({ file, row }) => {
      this.documents.move(file, row);
      this.announce('documents');
      return {};
    },
    'documents.explain': (params) => {
      this.documents.explain(params);
      this.announce('documents');
      return this.#queued();
    },
    'documents.explain_save': ({ case: caseId, row, absence, reason }) => {
      this.documents.row(caseId, row).explanation_draft = { absence, reason };
      return {};
    },
    'documents.explanation_accept': (params) => {
      this.documents.changeExplanation(params, { handling: 'accepted', handling_state: 'queued' });
      this.announce('documents');
      return this.#queued();
    },
    'documents.explanation_refuse': ({ reason, ...of }) => {
      const refused = { handling: 'refused', handling_state: 'queued' } as const;
      this.documents.changeExplanation(of, { ...refused, handled_why: reason });
      this.announce('documents');
      return this.#queued();
    },
    'documents.take': ({ case: caseId, row: id }) => {
      const row = this.documents.row(caseId, id);
      row.taken = { by: OFFICER, at: '2026-11-22T13:30:00Z', state: 'queued' };
      row.state = 'accepted';
      this.announce('documents');
      return this.#queued();
    },
    'documents.ready': () => {
      this.documents.ready = { at: '2026-11-22T13:30:00Z', state: 'queued', reason: null };
      this.announce('documents');
      return this.#queued();
    },
    'documents.completion': (params) => {
      this.documents.request(params);
      this.announce('documents');
      return this.#queued();
    },
    'documents.completion_save': ({ rows, text }) => {
      this.documents.completion = { rows, text };
      return {};
    },
    'documents.template_save': () => ({ saved: this.documents.saves }),
    'documents.template_open': () => ({}),
    'documents.discard': ({ file }) => {
      this.documents.discard(file);
      this.announce('documents');
      return {};
    },
    'queue.workload': () => this.workload,
    'notes.list': () => this.notes,
    'notes.write': ({ case: caseId, text }) => {
      this.notes = { ...this.notes, draft: '' };
      this.announce('cases');
      return this.#outbox.add({ kind: 'write_note', case: caseId, state: 'queued', text });
    },
    'notes.save': ({ text }) => {
      this.notes = { ...this.notes, draft: text };
      return {};
    },
    'notes.change': ({ note, text }) => {
      const notes = this.notes.notes.map((each) =>
        each.id === note ? { ...each, text, draft: null } : each,
      );
      this.notes = { ...this.notes, notes };
      this.announce('cases');
      return this.#outbox.add({ kind: 'change_note', state: 'queued', text });
    },
    'notes.change_save': () => ({}),
    'notes.change_discard': () => ({}),
    'notes.remove': () => this.#outbox.add({ kind: 'change_note', state: 'queued', text: '' }),
    'templates.list': () => this.templates,
    'templates.write': ({ body, title, text }) => {
      this.templates = drafted(this.templates, body, null);
      this.announce('cases');
      return this.#outbox.add({ kind: 'write_template', subject: title, state: 'queued', text });
    },
    'templates.save': ({ body, title, text }) => {
      this.templates = drafted(this.templates, body, { title, text });
      return {};
    },
    'templates.change': ({ text }) =>
      this.#outbox.add({ kind: 'change_template', state: 'queued', text }),
    'templates.change_save': () => ({}),
    'templates.discard': () => ({}),
    'templates.remove': () =>
      this.#outbox.add({ kind: 'change_template', state: 'queued', text: '' }),
    'documents.look': ({ document }) => this.documents.look(document),
    'documents.part': () => ({ base64: '' }),
    'documents.text': () => this.documents.text,
    'documents.open': () => ({}),
    'documents.save': () => ({ saved: this.documents.saves }),
    'documents.accept': ({ document }) => {
      const decision = { accepted: true, why: '', by: OFFICER };
      this.documents.decide(document, decision, this.#named, this.#outbox);
      return this.#queued();
    },
    'documents.refuse': ({ document, reason }) => {
      const decision = { accepted: false, why: reason, by: OFFICER };
      this.documents.decide(document, decision, this.#named, this.#outbox);
      return this.#queued();
    },
    'documents.refusal_save': ({ document, reason }) => {
      this.documents.change(document, { refusal_draft: reason });
      return {};
    },
    'archive.list': (asked) => this.documents.archive(asked),
    'archive.keep': ({ document }) => {
      this.documents.change(document, { here: true });
      this.announce('documents');
      return {};
    },
    'contact.show': () => this.contact.show(),
    'contact.draft_save': ({ text }) => {
      this.contact.draft = text;
      return {};
    },
    'contact.draft_discard': () => {
      this.contact.draft = '';
      this.announce('contact');
      return {};
    },
    'contact.check': ({ text }) => this.contact.check(text),
    'contact.propose': ({ case: of, text }) => {
      this.contact.propose(text, this.#named(of), this.#outbox);
      return this.#queued();
    },
    'contact.withdraw': ({ case: of }) =>
      this.#decide(of, 'withdrawn', 'withdraw_contact_change', ''),
    'contact.accept': ({ case: of }) => this.#decide(of, 'accepted', 'accept_contact_change', ''),
    'contact.refuse': ({ case: of, reason }) =>
      this.#decide(of, 'refused', 'refuse_contact_change', reason),
    'contact.refusal_save': ({ reason }) => {
      this.contact.reason = reason;
      return {};
    },
    'contact.post': () => this.contact.post(),
    'contact.posted': ({ letter }) => {
      this.contact.letters = this.contact.letters.map((each) =>
        each.letter === letter ? { ...each, state: 'queued' } : each,
      );
      this.#outbox.add({ kind: 'complete_postal_task', state: 'queued', text: '' });
      return this.#queued();
    },
    'shell.notify': () => ({}),
    'shell.stay': () => ({}),
    'shell.close': () => ({}),
    'outbox.list': () => this.outbox,
    'outbox.save': () => ({ saved: true }),
    'outbox.left': () => this.left.filter(({ place }) => !this.#removed.has(place)),
    'outbox.left_save': () => ({ saved: true }),
    'outbox.left_remove': ({ place, removed }) => {
      this.#removed[removed ? 'add' : 'delete'](place);
      this.announce('outbox');
      return {};
    },
    'outbox.withdraw': (params) => this.#giveBack(params.command),
    'outbox.write_again': (params) => this.#giveBack(params.command),
  };
}

function newAccount(): AccountView {
  const device = (id: string, system: string): DeviceView => ({
    id,
    this: id === 'device-1',
    system,
    signed_in_at: '2026-11-20T08:15:00Z',
    seen_at: '2026-11-22T12:05:00Z',
    erase: false,
  });
  return {
    user_name: 'asa.lindqvist',
    phone: PHONE,
    totp: false,
    recovery_codes: null,
    devices: [device('device-1', 'linux'), device('device-2', 'windows'), device('device-3', '')],
  };
}

function newCase(id: string, title: string, number: string): CaseView {
  return {
    id,
    title,
    number,
    holder: HOLDER,
    officer: OFFICER,
    mine_to_handle: false,
    stage: 'application',
    certificate: null,
    last_message_at: '2026-11-20T08:15:00Z',
    unread: 0,
    documents_needed: 0,
    documents_accepted: 0,
    documents_submitted: 0,
    documents_refused: 0,
    documents_to_handle: 0,
    waiting: 0,
    drafts: 0,
    unsent_files: 0,
    contact_to_handle: 0,
  };
}
