import { Check, X } from 'lucide-react';
import { useRef } from 'react';
import type { ProposalView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { toFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { useToast } from '../../shared/components/Toasts';
import { useDrafts, useOpened } from '../../shared/drafts/drafts-context';
import { ReasonForm } from '../../shared/drafts/ReasonForm';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Contact.module.css';
import { reasonKey, useSaveReason } from './contact-draft';

type DecideProps = {
  caseId: string;
  proposal: ProposalView;
  /** The reason for a refusal as it is being written. */
  draft: string;
  maxReason: number;
};

/** What the officer makes of a proposed change. */
export function Decide({ caseId, proposal, draft, maxReason }: DecideProps) {
  const platform = usePlatform();
  const drafts = useDrafts();
  const toast = useToast();
  const key = reasonKey(caseId);
  const isRefusing = useOpened(key);
  const accept = useWrite('contact.accept');
  const save = useSaveReason(caseId);
  const opener = useRef<HTMLButtonElement>(null);
  // It is decided on what stands here: another that has come meanwhile is shown first.
  const seen = { case: caseId, proposal: proposal.proposal, changes: proposal.changes };

  function accepted(command: string): void {
    toast({
      text: () => m.proposal_accepted_here(),
      // It can be undone only as long as it has not left this computer.
      onUndo: () =>
        void platform.call('outbox.withdraw', { command }).catch((thrown: unknown) => {
          const failed = toFault(thrown);
          toast({ text: () => faultText(failed) });
        }),
    });
  }

  if (isRefusing) {
    return (
      <ReasonForm
        draftKey={key}
        stored={draft}
        save={save}
        label={m.proposal_reason_label()}
        hint={m.proposal_reason_hint()}
        blank={m.proposal_reason_blank()}
        submit={m.proposal_refuse_submit()}
        max={maxReason}
        testIds={{ text: 'proposal-reason', confirm: 'confirm-refuse-proposal' }}
        onRefuse={(reason) => platform.call('contact.refuse', { ...seen, reason })}
        onDone={() => drafts.setOpened(key, false)}
        onClose={() => {
          drafts.setOpened(key, false);
          requestAnimationFrame(() => opener.current?.focus());
        }}
      />
    );
  }
  return (
    <>
      <div className={styles.actions}>
        <Button
          isPending={accept.isPending}
          onPress={() => accept.mutate(seen, { onSuccess: ({ command }) => accepted(command) })}
          data-testid="accept-proposal"
        >
          <Check size={15} aria-hidden />
          {m.proposal_accept()}
        </Button>
        <Button
          ref={opener}
          onPress={() => drafts.setOpened(key, true)}
          data-testid="refuse-proposal"
        >
          <X size={15} aria-hidden />
          {m.proposal_refuse()}
        </Button>
        {draft !== '' && <span className={styles.meta}>{m.proposal_reason_draft()}</span>}
      </div>
      {accept.error !== null && (
        <Notice severity={FAULTS[accept.error.code]?.severity ?? 'error'}>
          {faultText(accept.error)}
        </Notice>
      )}
    </>
  );
}
