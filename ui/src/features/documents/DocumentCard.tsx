import { Archive, CircleCheck, CircleX, Mailbox, Replace } from 'lucide-react';
import type { CaseView, DocumentView, Words } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Chip } from '../../shared/components/Chip';
import { SendingBar } from '../../shared/components/SendingBar';
import { StateChip } from '../../shared/components/StateChip';
import { rejectionText } from '../../shared/errors/rejections';
import { useRead } from '../../shared/rpc/queries';
import styles from './Card.module.css';
import { Decide } from './Decide';
import { DocumentHandles } from './DocumentHandles';
import { FileName } from './FileName';
import { LeftReason } from './LeftReason';
import { refusalKey, useSaveRefusal } from './refusal-draft';
import { isUndecided } from './row-state';

type DocumentCardProps = {
  item: CaseView;
  document: DocumentView;
  /** Whether the person accepts or refuses documents here. */
  canHandle: boolean;
  /** Longest reason, in characters. */
  maxReason: number;
  /** Reasons for a refusal that are often needed. */
  usual?: readonly Words[];
  /** Whether it says itself that it is accepted or refused, or its row does. */
  saysOutcome: boolean;
};

/** A file that was sent in: what it is, where it stands, and what became of it. */
export function DocumentCard({
  item,
  document,
  canHandle,
  maxReason,
  usual = [],
  saysOutcome,
}: DocumentCardProps) {
  const { locale } = useLocale();
  const saveRefusal = useSaveRefusal(item.id, document.id);
  const { data: sync } = useRead('sync.state', {});
  const isMoving = sync?.line === 'online' && sync.fault === null;
  const canDecide = canHandle && document.handling === 'waiting' && document.state === 'received';
  return (
    <article
      className={styles.card}
      data-testid="document"
      data-document={document.id}
      data-state={document.state}
      data-handling={document.handling}
    >
      <div className={styles.top}>
        <FileName name={document.name} bytes={document.bytes} format={document.format} />
        <span className={styles.chips}>
          {document.origin === 'post' && (
            <Chip tone="none" icon={Mailbox}>
              {m.document_by_post()}
            </Chip>
          )}
          {document.from_case !== null && (
            <Chip tone="none" icon={Archive}>
              {m.document_from_case({ number: document.from_case })}
            </Chip>
          )}
          {showsSending(document) && (
            <StateChip state={document.state} isMoving={isMoving && document.sending !== null} />
          )}
          {(saysOutcome || document.handling === 'replaced') && (
            <HandlingChip document={document} />
          )}
        </span>
      </div>
      <p className={styles.meta}>
        {m.document_sent_by({
          name: document.mine ? m.message_mine() : document.author,
          time: dateAndTime(document.at, locale),
        })}
      </p>
      {document.note !== '' && <p className={styles.note}>{document.note}</p>}
      {document.reason !== null && <p className={styles.bad}>{rejectionText(document.reason)}</p>}
      {document.sending !== null && <SendingBar progress={document.sending} isMoving={isMoving} />}
      {document.fetching !== null && (
        <SendingBar progress={document.fetching} isMoving={isMoving} isFetching />
      )}
      <Outcome document={document} />
      {/* What was refused as it stood became no document; its file is picked again by writing it again. */}
      {document.state !== 'refused' && <DocumentHandles document={document} caseId={item.id} />}
      {canDecide ? (
        <Decide
          key={document.id}
          item={item}
          document={document}
          maxReason={maxReason}
          usual={usual}
        />
      ) : (
        <LeftReason
          draftKey={refusalKey(document.id)}
          save={saveRefusal}
          stored={document.refusal_draft}
          name={document.name}
          text={m.left_reason()}
        />
      )}
    </article>
  );
}

/** Once it has been judged, that it was received goes without saying. */
function showsSending({ mine, state, handling }: DocumentView): boolean {
  return state !== 'received' || (mine && handling === 'waiting');
}

function HandlingChip({ document }: { document: DocumentView }) {
  if (isUndecided(document)) {
    return null;
  }
  switch (document.handling) {
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
          {m.document_replaced()}
        </Chip>
      );
  }
}

/** Who decided what and why, and where the officer's own decision stands. */
function Outcome({ document }: { document: DocumentView }) {
  const { locale } = useLocale();
  const { handling, handling_state: state } = document;
  const isMine = isUndecided(document);
  const decided = !isMine && (handling === 'accepted' || handling === 'refused');

  /** What was decided here is not decided until the server says so. */
  function ownDecision(): string {
    if (!isMine) {
      return m.document_own_decision();
    }
    return handling === 'accepted' ? m.document_own_accept() : m.document_own_refuse();
  }

  return (
    <>
      {decided && document.handled_at !== null && (
        <p className={styles.meta}>
          {(handling === 'accepted' ? m.document_accepted_by : m.document_refused_by)({
            name: document.handled_by,
            time: dateAndTime(document.handled_at, locale),
          })}
        </p>
      )}
      {handling === 'refused' && document.handled_why !== '' && (
        <blockquote className={styles.why}>
          <span className={styles.whyLabel}>{m.document_why()}</span>
          {document.handled_why}
        </blockquote>
      )}
      {state !== null && state !== 'received' && (
        <p className={styles.own}>
          {ownDecision()} <StateChip state={state} />
          {document.handling_reason !== null && (
            <span className={styles.bad}>{rejectionText(document.handling_reason)}</span>
          )}
        </p>
      )}
    </>
  );
}
