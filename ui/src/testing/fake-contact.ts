/** What the fake core holds on the people of its cases, and what they propose. */
import type {
  ChangeView,
  CommandState,
  ContactPreview,
  ContactView,
  LetterView,
  OutboxEntry,
  PostView,
  ProposalView,
} from '../generated/rpc';
import type { FakeOutbox, OfCase } from './fake-outbox';

const DETAILS: Record<string, string> = {
  name: 'Åsa Lindqvist',
  care_of: '',
  street: 'Kopparvägen 12',
  postal_code: '791 42',
  town: 'Falun',
  country: 'SE',
  phone: '070-174 06 05',
  email: 'asa@example.com',
  company_name: '',
  company_number: '',
  billing: 'own',
  billing_name: '',
  billing_street: '',
  billing_postal_code: '',
  billing_town: '',
  billing_country: '',
  billing_reference: '',
  billing_email: '',
  channel: 'digital',
};

export class FakeContact {
  isProtected = false;
  /** The officer looks. */
  isOfficer = false;
  details: Record<string, string> = { ...DETAILS };
  proposal: ProposalView | null = null;
  draft = '';
  reason = '';
  letters: LetterView[] = [];

  show(): ContactView {
    return {
      mine: !this.isOfficer,
      mine_to_handle: this.isOfficer,
      protected: this.isProtected,
      details: Object.entries(this.details).map(([field, value]) => ({ field, value })),
      proposal: this.proposal,
      not_taken: null,
      draft: this.draft,
      refusal_draft: this.reason,
      max_reason: 1000,
    };
  }

  check(text: string): ContactPreview {
    const typed = Object.entries(JSON.parse(text === '' ? '{}' : text) as Record<string, string>);
    const faults = typed
      .filter(([field, value]) => field === 'phone' && !value.startsWith('0'))
      .map(([field]) => ({
        field,
        reason: { code: 'contact_field_unusable', params: { field, fault: 'no_phone' } },
      }));
    const changes: ChangeView[] = typed
      .map(([field, to]) => ({ field, from: this.details[field] ?? '', to }))
      .filter(({ from, to }) => from !== to);
    return { changes, faults };
  }

  propose(text: string, of: OfCase, outbox: FakeOutbox): void {
    const { changes } = this.check(text);
    this.draft = '';
    const entry = outbox.add(
      { ...of, kind: 'propose_contact_change', state: 'queued', text: '' },
      {
        moved: (state) => this.#moved(state),
        givenBack: () => {
          this.proposal = null;
          this.draft = text;
        },
      },
    );
    this.proposal = newProposal(changes, 'queued', entry.command);
  }

  decide(
    handling: ProposalView['handling'],
    kind: OutboxEntry['kind'],
    why: string,
    of: OfCase,
    outbox: FakeOutbox,
  ): void {
    const before = this.proposal;
    this.proposal = before && {
      ...before,
      handling,
      handled_why: why,
      handled_by: 'Göran Hägglund',
      handled_at: '2026-11-22T13:30:00Z',
      handling_state: 'queued',
    };
    outbox.add(
      { ...of, kind, state: 'queued', text: why },
      {
        moved: (state) => {
          this.proposal = this.proposal && { ...this.proposal, handling_state: state };
        },
        givenBack: () => {
          this.proposal = before;
          this.reason = why;
        },
      },
    );
  }

  post(): PostView {
    return { letters: this.letters };
  }

  #moved(state: CommandState): void {
    this.proposal = this.proposal && {
      ...this.proposal,
      state,
      proposal: 'proposal-1',
      withdraw: null,
    };
  }
}

export function newProposal(
  changes: ChangeView[],
  state: CommandState,
  withdraw: string | null = null,
): ProposalView {
  return {
    proposal: state === 'queued' ? '' : 'proposal-1',
    changes,
    handling: 'waiting',
    at: '2026-11-22T13:00:00Z',
    state,
    withdraw,
    handled_by: '',
    handled_at: null,
    handled_why: '',
    handling_state: null,
    handling_reason: null,
  };
}
