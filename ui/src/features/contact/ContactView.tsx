import { MapPin, PencilLine, ShieldAlert } from 'lucide-react';
import { useRef } from 'react';
import type { ContactView as Contact } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Chip } from '../../shared/components/Chip';
import { EmptyState } from '../../shared/components/EmptyState';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import { useDraft, useDrafts, useOpened } from '../../shared/drafts/drafts-context';
import { useRead } from '../../shared/rpc/queries';
import styles from './Contact.module.css';
import { ContactForm } from './ContactForm';
import { draftOf, formKey, type Typed, useSaveForm } from './contact-draft';
import {
  BLOCKS,
  type Block,
  isField,
  isUsed,
  labelOf,
  type Values,
  valuesOf,
  wordsFor,
} from './fields';
import { NotTaken } from './NotTaken';
import { Proposal } from './Proposal';

type ContactViewProps = {
  caseId: string;
  /** Whether this is what the person looks at; else it stands by, hidden. */
  isShown: boolean;
};

/** What the body holds on the person whose case it is. Mount it with the case's id as its key. */
export default function ContactView({ caseId }: ContactViewProps) {
  const { data, error, refetch } = useRead('contact.show', { case: caseId });
  if (data === undefined) {
    return error === null ? (
      <Loading />
    ) : (
      <FaultView fault={error} onRetry={() => void refetch()} />
    );
  }
  return data === null ? (
    <EmptyState icon={MapPin} title={m.contact_empty()} hint={m.contact_empty_hint()} />
  ) : (
    <Held caseId={caseId} contact={data} />
  );
}

function Held({ caseId, contact }: { caseId: string; contact: Contact }) {
  const key = formKey(caseId);
  const drafts = useDrafts();
  const isOpen = useOpened(key) && contact.mine;
  const draft = useDraft(key, { text: contact.draft, type: '' });
  const save = useSaveForm(caseId);
  const opener = useRef<HTMLButtonElement>(null);
  const values = valuesOf(contact);
  const waiting = contact.proposal?.handling === 'waiting' ? contact.proposal : null;

  function open(): void {
    // A proposal that waits is what the person wants to be so: they go on from there.
    if (draft.text === '' && waiting !== null) {
      const typed: Typed = {};
      for (const { field, to } of waiting.changes) {
        if (isField(field)) {
          typed[field] = to;
        }
      }
      drafts.write(key, { text: draftOf(typed), type: '' }, save);
    }
    drafts.setOpened(key, true);
  }

  function close(): void {
    drafts.setOpened(key, false);
    requestAnimationFrame(() => opener.current?.focus());
  }

  return (
    <div className={styles.view} data-testid="contact">
      {contact.protected && <Protected />}
      {isOpen ? (
        <ContactForm caseId={caseId} contact={contact} values={values} onClose={close} />
      ) : (
        <>
          {contact.mine && <p className={styles.lead}>{m.contact_lead()}</p>}
          {contact.not_taken !== null && <NotTaken notTaken={contact.not_taken} onAgain={open} />}
          {contact.proposal !== null && (
            <Proposal caseId={caseId} contact={contact} proposal={contact.proposal} />
          )}
          <Details values={values} isMine={contact.mine} />
          {contact.mine && (
            <div className={styles.actions}>
              <Button ref={opener} onPress={open} data-testid="change-contact">
                <PencilLine size={15} aria-hidden />
                {openerWords(draft.text !== '', waiting !== null)}
              </Button>
              {draft.text !== '' && <span className={styles.meta}>{m.contact_has_draft()}</span>}
            </div>
          )}
        </>
      )}
    </div>
  );
}

function openerWords(hasDraft: boolean, isWaiting: boolean): string {
  if (hasDraft) {
    return m.contact_resume();
  }
  return isWaiting ? m.contact_change_proposal() : m.contact_change();
}

function Protected() {
  return (
    <div className={styles.protected}>
      <Chip tone="bad" icon={ShieldAlert}>
        {m.contact_protected()}
      </Chip>
      <span>{m.contact_protected_hint()}</span>
    </div>
  );
}

/** Every detail, in blocks; a person without a company has no such block (KW-57). */
function Details({ values, isMine }: { values: Values; isMine: boolean }) {
  const blocks = BLOCKS.filter(
    ({ id, fields }) => id !== 'company' || fields.some((field) => values[field] !== ''),
  );
  return (
    <div className={styles.blocks}>
      {blocks.map((block) => (
        <DetailBlock key={block.id} block={block} values={values} isMine={isMine} />
      ))}
    </div>
  );
}

function DetailBlock({ block, values, isMine }: { block: Block; values: Values; isMine: boolean }) {
  const { locale } = useLocale();
  const shown = block.fields.filter(
    (field) => isUsed(field, values) && (values[field] !== '' || field !== 'care_of'),
  );
  return (
    <section className={styles.block} aria-labelledby={`contact-${block.id}`}>
      <h2 className={styles.blockTitle} id={`contact-${block.id}`}>
        {block.title(isMine)}
      </h2>
      <dl className={styles.list}>
        {shown.map((field) => (
          <div className={styles.row} key={field}>
            <dt>{labelOf(field)}</dt>
            <dd data-testid={`detail-${field}`} data-none={values[field] === '' || undefined}>
              <bdi>{wordsFor(field, values[field], locale)}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
