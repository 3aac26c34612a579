import { Check, CircleCheck, CircleX, Replace, X } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ExplanationView, RowView } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Chip } from '../../shared/components/Chip';
import { Dialog } from '../../shared/components/Dialog';
import { Notice } from '../../shared/components/Notice';
import { StateChip } from '../../shared/components/StateChip';
import { useDrafts, useOpened } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { rejectionText } from '../../shared/errors/rejections';
import { usePlatform } from '../../shared/rpc/platform-context';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Card.module.css';
import { LeftReason } from './LeftReason';
import { Refusal } from './Refusal';
import { refusalKey, useSaveRefusal } from './refusal-draft';
import { rowFocus } from './row-focus';
import { isUndecided } from './row-state';

type ExplanationCardProps = {
  caseId: string;
  row: RowView;
  explanation: ExplanationView;
  canHandle: boolean;
  maxReason: number;
};

/** Why there is no document: what was said, where it stands, and what became of it. */
export function ExplanationCard({
  caseId,
  row,
  explanation,
  canHandle,
  maxReason,
}: ExplanationCardProps) {
  const { locale } = useLocale();
  const saveRefusal = useSaveRefusal(caseId, explanation.id);
  const { handling, handling_state: state } = explanation;
  const isMine = isUndecided(explanation);
  const decided = !isMine && (handling === 'accepted' || handling === 'refused');
  const canDecide = canHandle && handling === 'waiting' && explanation.state === 'received';
  return (
    <article
      className={styles.card}
      data-testid="explanation"
      data-explanation={explanation.id}
      data-state={explanation.state}
      data-handling={handling}
    >
      <div className={styles.top}>
        <strong>{m.explanation_title({ absence: explanation.absence[locale] })}</strong>
        <span className={styles.chips}>
          {(explanation.state !== 'received' || (explanation.mine && handling === 'waiting')) && (
            <StateChip state={explanation.state} />
          )}
          {!isMine && <OutcomeChip handling={handling} />}
        </span>
      </div>
      <p className={styles.meta}>
        {m.document_sent_by({
          name: explanation.mine ? m.message_mine() : explanation.author,
          time: dateAndTime(explanation.at, locale),
        })}
      </p>
      <p className={styles.note}>{explanation.reason}</p>
      {explanation.refused !== null && (
        <p className={styles.bad}>{rejectionText(explanation.refused)}</p>
      )}
      {decided && explanation.handled_at !== null && (
        <p className={styles.meta}>
          {(handling === 'accepted' ? m.document_accepted_by : m.document_refused_by)({
            name: explanation.handled_by,
            time: dateAndTime(explanation.handled_at, locale),
          })}
        </p>
      )}
      {handling === 'refused' && explanation.handled_why !== '' && (
        <blockquote className={styles.why}>
          <span className={styles.whyLabel}>{m.document_why()}</span>
          {explanation.handled_why}
        </blockquote>
      )}
      {state !== null && state !== 'received' && (
        <p className={styles.own}>
          {m.document_own_decision()} <StateChip state={state} />
          {explanation.handling_reason !== null && (
            <span className={styles.bad}>{rejectionText(explanation.handling_reason)}</span>
          )}
        </p>
      )}
      {canDecide ? (
        <DecideExplanation
          key={explanation.id}
          caseId={caseId}
          row={row}
          explanation={explanation}
          maxReason={maxReason}
        />
      ) : (
        <LeftReason
          draftKey={refusalKey(explanation.id)}
          save={saveRefusal}
          stored={explanation.refusal_draft}
          name={row.name[locale]}
          text={m.left_reason_row()}
        />
      )}
    </article>
  );
}

function OutcomeChip({ handling }: Pick<ExplanationView, 'handling'>) {
  switch (handling) {
    case 'waiting':
      return null;
    case 'accepted':
      return (
        <Chip tone="ok" icon={CircleCheck}>
          {m.document_accepted()}
        </Chip>
      );
    case 'refused':
      return (
        <Chip tone="bad" icon={CircleX}>
          {m.document_refused()}
        </Chip>
      );
    case 'replaced':
      return (
        <Chip tone="none" icon={Replace}>
          {m.explanation_replaced()}
        </Chip>
      );
  }
}

type DecideProps = Omit<ExplanationCardProps, 'canHandle'>;

/** What the officer makes of the reason: enough, or not and why. */
function DecideExplanation({ caseId, row, explanation, maxReason }: DecideProps) {
  const platform = usePlatform();
  const drafts = useDrafts();
  const { locale } = useLocale();
  const accept = useWrite('documents.explanation_accept');
  const [asking, setAsking] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const key = refusalKey(explanation.id);
  const isRefusing = useOpened(key);
  const of = { case: caseId, row: row.id, explanation: explanation.id };

  if (isRefusing) {
    return (
      <Refusal
        caseId={caseId}
        id={explanation.id}
        stored={explanation.refusal_draft}
        question={m.refusal_title_reason({ row: row.name[locale] })}
        label={m.explanation_refuse_label()}
        usual={[]}
        maxReason={maxReason}
        onRefuse={(reason) => platform.call('documents.explanation_refuse', { ...of, reason })}
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
          onPress={() => setAsking(true)}
          data-testid="accept-explanation"
        >
          <Check size={15} aria-hidden />
          {m.explanation_accept()}
        </Button>
        <Button
          ref={opener}
          onPress={() => drafts.setOpened(key, true)}
          data-testid="refuse-explanation"
        >
          <X size={15} aria-hidden />
          {m.explanation_refuse()}
        </Button>
        {explanation.refusal_draft !== '' && (
          <span className={styles.meta}>{m.decide_has_draft()}</span>
        )}
      </div>
      {asking && (
        <Dialog
          isOpen
          onClose={() => setAsking(false)}
          title={m.explanation_accept_title()}
          role="alertdialog"
          actions={
            <>
              <Button onPress={() => setAsking(false)}>{m.message_cancel()}</Button>
              <Button
                look="primary"
                autoFocus
                onPress={() => {
                  const toRow = rowFocus(opener.current);
                  setAsking(false);
                  accept.mutate(of, { onSuccess: toRow });
                }}
                data-testid="confirm-accept-explanation"
              >
                {m.explanation_accept()}
              </Button>
            </>
          }
        >
          <p className={styles.note}>{explanation.reason}</p>
          <p>{m.explanation_accept_text()}</p>
        </Dialog>
      )}
      {accept.error !== null && (
        <Notice severity={FAULTS[accept.error.code]?.severity ?? 'error'}>
          {faultText(accept.error)}
        </Notice>
      )}
    </>
  );
}
