import { useEffect, useRef, useState } from 'react';
import type { ChangeView, ContactView } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { SelectField } from '../../shared/components/SelectField';
import { useToast } from '../../shared/components/Toasts';
import { useDraftField, useDrafts } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { Changes } from './Changes';
import styles from './Contact.module.css';
import { ContactLine } from './ContactLine';
import { draftOf, formKey, type Typed, typedIn, useSaveForm } from './contact-draft';
import {
  BLOCKS,
  choicesOf,
  type Field,
  faultIn,
  isField,
  isUsed,
  labelOf,
  type Values,
} from './fields';
import { LeaveDialog } from './LeaveDialog';

type ContactFormProps = {
  caseId: string;
  contact: ContactView;
  /** Each detail as the server has it. */
  values: Values;
  onClose: () => void;
};

type Faults = Partial<Record<Field, string>>;

/** First what is to change, then the old beside the new; only then something is sent (KW-60). */
export function ContactForm({ caseId, contact, values, onClose }: ContactFormProps) {
  const platform = usePlatform();
  const drafts = useDrafts();
  const toast = useToast();
  const key = formKey(caseId);
  const save = useSaveForm(caseId);
  const { draft, write, flush } = useDraftField(key, { text: contact.draft, type: '' }, save);
  const typed = typedIn(draft.text);
  const [changes, setChanges] = useState<ChangeView[] | null>(null);
  const [faults, setFaults] = useState<Faults>({});
  const [nothing, setNothing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const [leaving, setLeaving] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const title = useRef<HTMLHeadingElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each step has a title of its own
  useEffect(() => title.current?.focus(), [changes === null]);

  function change(field: Field, text: string): void {
    const { [field]: _, ...others } = typed;
    const next: Typed = text === values[field] ? others : { ...others, [field]: text };
    setNothing(false);
    setFaults(({ [field]: _, ...rest }) => rest);
    write({ text: draftOf(next), type: '' });
  }

  /** Does what can fail, once at a time. */
  async function doing(work: () => Promise<void>): Promise<void> {
    if (busy) {
      return;
    }
    setBusy(true);
    setFault(null);
    try {
      await work();
    } catch (thrown) {
      setFault(toFault(thrown));
    } finally {
      setBusy(false);
    }
  }

  const check = () =>
    doing(async () => {
      await flush();
      const found = await platform.call('contact.check', { case: caseId, text: draft.text });
      const wrong = found.faults.flatMap(({ field, reason }) =>
        isField(field) ? [[field, faultIn(field, reason)] as const] : [],
      );
      setFaults(Object.fromEntries(wrong));
      setNothing(found.changes.length === 0);
      const [first] = wrong;
      if (first !== undefined) {
        root.current?.querySelector<HTMLElement>(`[name="${first[0]}"]`)?.focus();
      } else if (found.changes.length > 0) {
        setChanges(found.changes);
      }
    });

  const propose = () =>
    doing(async () => {
      const { text } = draft;
      try {
        await drafts.settle(key);
        await platform.call('contact.propose', { case: caseId, text });
        drafts.done(key, text);
      } catch (thrown) {
        // What was typed stays where it is, and is saved again in case that was stopped above.
        write({ text, type: '' });
        throw thrown;
      }
      toast({ text: () => m.contact_saved() });
      onClose();
    });

  const discard = () =>
    doing(async () => {
      setLeaving(false);
      await drafts.flush(key);
      await drafts.settle(key);
      await platform.call('contact.draft_discard', { case: caseId });
      drafts.done(key, draft.text);
      toast({
        text: () => m.contact_discarded(),
        onUndo: () => drafts.write(key, { text: draft.text, type: '' }, save),
      });
      onClose();
    });

  const count = Object.keys(faults).length;
  return (
    <div className={styles.form} ref={root} data-testid="contact-form">
      <h2 className={styles.title} ref={title} tabIndex={-1}>
        {changes === null ? m.contact_form_title() : m.contact_review_title()}
      </h2>
      <p className={styles.lead}>
        {changes === null ? m.contact_form_lead() : m.contact_review_lead()}
      </p>
      {changes === null ? (
        <Fields values={values} typed={typed} faults={faults} onChange={change} />
      ) : (
        <Changes changes={changes} label={m.contact_review_title()} />
      )}
      {draft.status === 'failed' && draft.fault !== null && (
        <Notice severity="error">{m.draft_failed({ reason: faultText(draft.fault) })}</Notice>
      )}
      {count > 0 && <Notice severity="error">{m.contact_faults({ count })}</Notice>}
      {nothing && count === 0 && <Notice severity="warning">{m.contact_nothing_changed()}</Notice>}
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
      <div className={styles.actions}>
        {changes === null ? (
          <Button
            look="primary"
            isPending={busy}
            onPress={() => void check()}
            data-testid="contact-continue"
          >
            {m.contact_continue()}
          </Button>
        ) : (
          <>
            <Button
              look="primary"
              isPending={busy}
              onPress={() => void propose()}
              data-testid="contact-save"
            >
              {m.contact_save()}
            </Button>
            <Button onPress={() => setChanges(null)} data-testid="contact-back">
              {m.contact_back()}
            </Button>
          </>
        )}
        <Button
          look="quiet"
          onPress={() => (draft.text === '' ? onClose() : setLeaving(true))}
          data-testid="contact-cancel"
        >
          {m.message_cancel()}
        </Button>
      </div>
      {leaving && (
        <LeaveDialog
          onBack={() => setLeaving(false)}
          onKeep={() => {
            void flush();
            onClose();
          }}
          onDiscard={() => void discard()}
        />
      )}
    </div>
  );
}

type FieldsProps = {
  values: Values;
  typed: Typed;
  faults: Faults;
  onChange: (field: Field, text: string) => void;
};

function Fields({ values, typed, faults, onChange }: FieldsProps) {
  const { locale } = useLocale();
  const now = { ...values, ...typed };
  return (
    <div className={styles.blocks}>
      {BLOCKS.map(({ id, title, fields }) => (
        <fieldset className={styles.fields} key={id}>
          <legend className={styles.blockTitle}>{title(true)}</legend>
          {fields
            .filter((field) => isUsed(field, now))
            .map((field) => {
              const choices = choicesOf(field, locale);
              return choices === null ? (
                <ContactLine
                  key={field}
                  field={field}
                  value={now[field]}
                  error={faults[field] ?? null}
                  onChange={(text) => onChange(field, text)}
                />
              ) : (
                <SelectField
                  key={field}
                  label={labelOf(field)}
                  choices={choices}
                  selected={now[field] === '' ? null : now[field]}
                  onSelect={(choice) => onChange(field, choice)}
                  testId={`contact-${field}`}
                />
              );
            })}
        </fieldset>
      ))}
    </div>
  );
}
