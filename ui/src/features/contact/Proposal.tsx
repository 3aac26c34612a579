import { CircleCheck, CircleX, Hourglass, Undo2 } from 'lucide-react';
import type { ContactView, ProposalView } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Chip } from '../../shared/components/Chip';
import { Notice } from '../../shared/components/Notice';
import { StateChip } from '../../shared/components/StateChip';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { rejectionText } from '../../shared/errors/rejections';
import { useWrite } from '../../shared/rpc/queries';
import { Changes } from './Changes';
import styles from './Contact.module.css';
import { Decide } from './Decide';

type ProposalProps = { caseId: string; contact: ContactView; proposal: ProposalView };

/** The latest change that was proposed, where it stands, and what became of it. */
export function Proposal({ caseId, contact, proposal }: ProposalProps) {
  const { locale } = useLocale();
  const isOpen = proposal.handling === 'waiting';
  const isReceived = proposal.state === 'received';
  return (
    <section
      className={styles.proposal}
      aria-labelledby="contact-proposal"
      data-testid="proposal"
      data-state={proposal.state}
      data-handling={proposal.handling}
    >
      <div className={styles.head}>
        <h2 className={styles.blockTitle} id="contact-proposal">
          {m.proposal_title()}
        </h2>
        {isReceived ? <HandlingChip proposal={proposal} /> : <StateChip state={proposal.state} />}
      </div>
      <p className={styles.meta}>
        {m.proposal_sent_at({ time: dateAndTime(proposal.at, locale) })}
      </p>
      <Changes changes={proposal.changes} label={m.proposal_title()} />
      <Outcome proposal={proposal} />
      {isOpen && contact.mine && (
        <>
          <p className={styles.meta}>{m.proposal_waiting_hint()}</p>
          <TakeBack caseId={caseId} proposal={proposal} />
        </>
      )}
      {isOpen && contact.mine_to_handle && isReceived && (
        <Decide
          key={proposal.proposal}
          caseId={caseId}
          proposal={proposal}
          draft={contact.refusal_draft}
          maxReason={contact.max_reason}
        />
      )}
    </section>
  );
}

/** What was decided here and has no answer yet. */
function isUndecided({ handling_state: state }: ProposalView): boolean {
  return state === 'queued' || state === 'sent' || state === 'stuck';
}

function HandlingChip({ proposal }: { proposal: ProposalView }) {
  // What was decided here is not decided until the server says so.
  const handling = isUndecided(proposal) ? 'waiting' : proposal.handling;
  switch (handling) {
    case 'waiting':
      return (
        <Chip tone="info" icon={Hourglass}>
          {m.proposal_waiting()}
        </Chip>
      );
    case 'accepted':
      return (
        <Chip tone="ok" icon={CircleCheck}>
          {m.proposal_accepted()}
        </Chip>
      );
    case 'refused':
      return (
        <Chip tone="bad" icon={CircleX}>
          {m.proposal_refused()}
        </Chip>
      );
    case 'withdrawn':
      return (
        <Chip tone="none" icon={Undo2}>
          {m.proposal_withdrawn()}
        </Chip>
      );
  }
}

function Outcome({ proposal }: { proposal: ProposalView }) {
  const { locale } = useLocale();
  const { handling, handled_at: at, handled_by: name, handling_state: state } = proposal;
  const time = at === null ? '' : dateAndTime(at, locale);
  const isMine = isUndecided(proposal);
  return (
    <>
      {!isMine && at !== null && (
        <p className={styles.meta}>
          {handling === 'accepted' && m.proposal_accepted_by({ name, time })}
          {handling === 'refused' && m.proposal_refused_by({ name, time })}
          {handling === 'withdrawn' && m.proposal_withdrawn_at({ time })}
        </p>
      )}
      {proposal.handled_why !== '' && (
        <blockquote className={styles.why}>
          <span className={styles.meta}>{m.proposal_why()}</span>
          <bdi>{proposal.handled_why}</bdi>
        </blockquote>
      )}
      {state !== null && state !== 'received' && (
        <p className={styles.own}>
          {ownWords(isMine, handling)} <StateChip state={state} />
          {proposal.handling_reason !== null && (
            <span className={styles.bad}>{rejectionText(proposal.handling_reason)}</span>
          )}
        </p>
      )}
    </>
  );
}

function ownWords(isMine: boolean, handling: ProposalView['handling']): string {
  if (!isMine) {
    return m.proposal_own();
  }
  switch (handling) {
    case 'accepted':
      return m.proposal_own_accept();
    case 'refused':
      return m.proposal_own_refuse();
    case 'waiting':
    case 'withdrawn':
      return m.proposal_own_withdraw();
  }
}

/** While it waits here it is taken out of the outbox; after that, taking back is a command of its own. */
function TakeBack({ caseId, proposal }: { caseId: string; proposal: ProposalView }) {
  const fromOutbox = useWrite('outbox.withdraw');
  const fromServer = useWrite('contact.withdraw');
  const { withdraw } = proposal;
  const fault = fromOutbox.error ?? fromServer.error;
  if (withdraw === null && proposal.state !== 'received') {
    return null;
  }
  return (
    <>
      <div className={styles.actions}>
        <Button
          isPending={fromOutbox.isPending || fromServer.isPending}
          onPress={() =>
            withdraw === null
              ? fromServer.mutate({ case: caseId, proposal: proposal.proposal })
              : fromOutbox.mutate({ command: withdraw })
          }
          data-testid="withdraw-proposal"
        >
          <Undo2 size={15} aria-hidden />
          {m.proposal_withdraw()}
        </Button>
      </div>
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
    </>
  );
}
