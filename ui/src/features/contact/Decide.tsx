import { Check, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { AreaField } from '../../shared/components/AreaField';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { useToast } from '../../shared/components/Toasts';
import { useDraftField, useDrafts, useOpened } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { useWrite } from '../../shared/rpc/queries';
import { lengthOf } from '../../shared/text-length';
import styles from './Contact.module.css';
import { reasonKey, useSaveReason } from './contact-draft';

type DecideProps = {
  caseId: string;
  proposal: string;
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
  const opener = useRef<HTMLButtonElement>(null);

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
      <Refusal
        caseId={caseId}
        proposal={proposal}
        stored={draft}
        maxReason={maxReason}
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
          onPress={() =>
            accept.mutate(
              { case: caseId, proposal },
              { onSuccess: ({ command }) => accepted(command) },
            )
          }
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

type RefusalProps = {
  caseId: string;
  proposal: string;
  stored: string;
  maxReason: number;
  /** It has been refused. */
  onDone: () => void;
  onClose: () => void;
};

/** The reason, which the person reads. It is kept while it is written. */
function Refusal({ caseId, proposal, stored, maxReason, onDone, onClose }: RefusalProps) {
  const platform = usePlatform();
  const drafts = useDrafts();
  const key = reasonKey(caseId);
  const field = useRef<HTMLTextAreaElement>(null);
  const [blank, setBlank] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const save = useSaveReason(caseId, proposal);
  const { draft, write, flush } = useDraftField(key, { text: stored, type: '' }, save);

  useEffect(() => field.current?.focus(), []);

  async function refuse(): Promise<void> {
    if (busy || lengthOf(draft.text) > maxReason) {
      return;
    }
    if (draft.text.trim() === '') {
      setBlank(true);
      field.current?.focus();
      return;
    }
    setBusy(true);
    setFault(null);
    try {
      await drafts.settle(key);
      await platform.call('contact.refuse', { case: caseId, proposal, reason: draft.text });
      drafts.done(key, draft.text);
      onDone();
    } catch (thrown) {
      write({ text: draft.text, type: '' });
      setFault(toFault(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className={styles.refusal}>
      <AreaField
        ref={field}
        label={m.proposal_reason_label()}
        hint={m.proposal_reason_hint()}
        text={draft.text}
        max={maxReason}
        rows={3}
        error={blank ? m.proposal_reason_blank() : null}
        readOnly={busy}
        onChange={(text) => {
          setBlank(false);
          write({ text, type: '' });
        }}
        onBlur={() => void flush()}
        testId="proposal-reason"
      />
      {draft.status === 'failed' && draft.fault !== null && (
        <Notice severity="error">{m.draft_failed({ reason: faultText(draft.fault) })}</Notice>
      )}
      <div className={styles.actions}>
        <Button
          look="danger"
          isPending={busy}
          onPress={() => void refuse()}
          data-testid="confirm-refuse-proposal"
        >
          {m.proposal_refuse_submit()}
        </Button>
        <Button
          onPress={() => {
            void flush();
            onClose();
          }}
        >
          {m.message_cancel()}
        </Button>
      </div>
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
    </div>
  );
}
