import { Check, X } from 'lucide-react';
import { useRef, useState } from 'react';
import type { CaseView, DocumentView, Words } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { useDrafts, useOpened } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { AcceptDialog } from './AcceptDialog';
import styles from './Card.module.css';
import { Refusal } from './Refusal';
import { refusalKey } from './refusal-draft';
import { rowFocus } from './row-focus';
import { useAccept } from './use-accept';

type DecideProps = {
  item: CaseView;
  document: DocumentView;
  maxReason: number;
  /** Reasons for a refusal that are often needed. */
  usual: readonly Words[];
};

/** What the officer makes of a document: sufficient, or not and why. */
export function Decide({ item, document, maxReason, usual }: DecideProps) {
  const platform = usePlatform();
  const drafts = useDrafts();
  const key = refusalKey(document.id);
  const isRefusing = useOpened(key);
  const accept = useAccept(document);
  const [asking, setAsking] = useState(false);
  const accepter = useRef<HTMLButtonElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  async function acceptNow(): Promise<void> {
    setAsking(false);
    const toRow = rowFocus(accepter.current);
    if (await accept.accept()) {
      toRow();
    }
  }

  if (isRefusing) {
    return (
      <Refusal
        caseId={item.id}
        id={document.id}
        stored={document.refusal_draft}
        question={m.refusal_title({ name: document.name })}
        label={m.refusal_label()}
        usual={usual}
        maxReason={maxReason}
        onRefuse={(reason) => platform.call('documents.refuse', { document: document.id, reason })}
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
          ref={accepter}
          aria-label={m.decide_accept_label({ name: document.name })}
          isPending={accept.isPending}
          onPress={() => setAsking(true)}
          data-testid="accept"
        >
          <Check size={15} aria-hidden />
          {m.decide_accept_ask()}
        </Button>
        <Button
          ref={opener}
          aria-label={m.decide_refuse_label({ name: document.name })}
          onPress={() => drafts.setOpened(key, true)}
          data-testid="refuse"
        >
          <X size={15} aria-hidden />
          {m.decide_refuse()}
        </Button>
        {document.refusal_draft !== '' && (
          <span className={styles.meta}>{m.decide_has_draft()}</span>
        )}
      </div>
      {asking && (
        <AcceptDialog
          caseId={item.id}
          document={document}
          onClose={() => setAsking(false)}
          onAccept={() => void acceptNow()}
        />
      )}
      {accept.fault !== null && (
        <Notice severity={FAULTS[accept.fault.code]?.severity ?? 'error'}>
          {faultText(accept.fault)}
        </Notice>
      )}
    </>
  );
}
