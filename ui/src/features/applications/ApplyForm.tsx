import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import type { Application, ApplicationForm } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { AreaField } from '../../shared/components/AreaField';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { LineField } from '../../shared/components/LineField';
import { Notice } from '../../shared/components/Notice';
import page from '../../shared/components/Page.module.css';
import { SelectField } from '../../shared/components/SelectField';
import { useToast } from '../../shared/components/Toasts';
import type { Content } from '../../shared/drafts/drafts';
import { useDraftField, useDrafts } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { keepInCache } from '../../shared/rpc/queries';
import { lengthOf } from '../../shared/text-length';
import styles from './Apply.module.css';
import { type Chosen, choiceOf, choicesOf, NOTHING, packed, unpacked } from './choices';

/** There is one application at a time. */
const KEY = 'application';
/** Twelve digits, as people write them. Whether they are a number of somebody's the core says. */
const LOOKS_LIKE_NUMBER = /^\d{8}[-+]?\d{4}$/;

type Wrong = 'choice' | 'identity' | 'text';

/** The application that is being written. It is kept on this computer until it is sent. */
export function ApplyForm({ form }: { form: ApplicationForm }) {
  const { locale } = useLocale();
  const toast = useToast();
  const identityField = useRef<HTMLInputElement>(null);
  const textField = useRef<HTMLTextAreaElement>(null);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [asking, setAsking] = useState(false);
  const { draft, write, flush, send, busy, fault } = useApplication(form);
  const chosen = unpacked(draft.type);
  const choices = choicesOf(form, locale);
  const choice = choiceOf(choices, chosen);
  const known = choice?.offer.identity_number ?? null;
  const undecided = choice?.offer.undecided ?? null;
  const application = { ...chosen, text: draft.text };
  if (known !== null) {
    application.identity_number = known;
  }
  const number = application.identity_number.trim();

  function change(changes: Partial<Chosen>, text = draft.text): void {
    setWrong(null);
    write({ text, type: packed({ ...chosen, ...changes }) });
  }

  function ask(): void {
    if (choice === undefined) {
      setWrong('choice');
    } else if (!LOOKS_LIKE_NUMBER.test(number.replaceAll(' ', ''))) {
      setWrong('identity');
      identityField.current?.focus();
    } else if (lengthOf(draft.text) > choice.offer.max_text) {
      setWrong('text');
      textField.current?.focus();
    } else {
      setAsking(true);
    }
  }

  async function sendNow(): Promise<void> {
    setAsking(false);
    if (await send(application)) {
      toast({ text: () => m.apply_queued() });
    }
  }

  const isNumberRefused =
    fault?.code === 'rejected' && refusedFor(fault).startsWith('identity_number');
  return (
    <section className={styles.part} aria-label={m.apply_form()}>
      <div>
        <SelectField
          label={m.apply_what()}
          choices={choices}
          selected={choice?.id ?? null}
          onSelect={(id) => {
            const picked = choices.find((each) => each.id === id);
            if (picked !== undefined) {
              const { service, scheme } = picked.offer;
              change({ service, scheme, renews: picked.renews });
              void flush();
            }
          }}
          placeholder={m.apply_what_pick()}
          testId="apply-what"
        />
        {wrong === 'choice' && (
          <p className={styles.error} role="alert">
            {m.apply_what_missing()}
          </p>
        )}
      </div>
      {undecided !== null && (
        <p role="status" data-testid="apply-undecided">
          {m.apply_undecided({ number: undecided })}
        </p>
      )}
      {choice !== undefined && known === null && (
        <LineField
          ref={identityField}
          label={m.apply_identity()}
          hint={m.apply_identity_hint()}
          error={
            wrong === 'identity'
              ? m.rejection_identity_number_unusable()
              : isNumberRefused
                ? faultText(fault)
                : null
          }
          announceError
          value={chosen.identity_number}
          onChange={(identity_number) => change({ identity_number })}
          name="identity-number"
          autoComplete="off"
          testId="apply-identity"
        />
      )}
      {known !== null && (
        <p className={page.hint}>
          {m.apply_identity_known({ number: `${known.slice(0, -4)}••••` })}
        </p>
      )}
      <AreaField
        ref={textField}
        label={m.apply_text()}
        hint={m.apply_text_hint()}
        text={draft.text}
        max={choice?.offer.max_text ?? form.offers[0]?.max_text ?? 0}
        rows={6}
        readOnly={busy}
        onChange={(text) => change({}, text)}
        onBlur={() => void flush()}
        testId="apply-text"
      />
      {draft.status === 'failed' && draft.fault !== null && (
        <Notice severity="error">{m.draft_failed({ reason: faultText(draft.fault) })}</Notice>
      )}
      <div className={styles.actions}>
        <Button
          look="primary"
          isPending={busy}
          isDisabled={undecided !== null}
          onPress={ask}
          data-testid="apply-send"
        >
          {m.apply_send()}
        </Button>
        <DraftState isWritten={draft.text !== '' || chosen.scheme !== ''} status={draft.status} />
      </div>
      {fault !== null && !(isNumberRefused && known === null) && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
      {asking && choice !== undefined && (
        <Dialog
          isOpen
          onClose={() => setAsking(false)}
          title={choice.question}
          role="alertdialog"
          actions={
            <>
              <Button onPress={() => setAsking(false)}>{m.message_cancel()}</Button>
              <Button
                look="primary"
                autoFocus
                onPress={() => void sendNow()}
                data-testid="confirm-apply"
              >
                {m.apply_send_now()}
              </Button>
            </>
          }
        >
          <p>
            {m.apply_ask_text({
              service: choice.offer.service_name[locale],
              number: known === null ? number : `${known.slice(0, -4)}••••`,
            })}
          </p>
        </Dialog>
      )}
    </section>
  );
}

/** Says that what is written is safe here, and that it has gone nowhere. */
function DraftState({ isWritten, status }: { isWritten: boolean; status: string }) {
  return (
    <span className={page.meta} role="status">
      {isWritten && status === 'saved' && m.draft_saved()}
    </span>
  );
}

/** The code of the rejection in a fault. */
function refusedFor(fault: RpcFault): string {
  return String((fault.params.rejection as { code?: unknown } | undefined)?.code ?? '');
}

/** The draft, its saving, and what comes of sending it. */
function useApplication(form: ApplicationForm) {
  const platform = usePlatform();
  const client = useQueryClient();
  const drafts = useDrafts();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const save = useCallback(
    async ({ text, type }: Content) => {
      const draft: Application = { ...unpacked(type), text };
      await platform.call('applications.save', draft);
      await keepInCache(client, 'applications.form', {}, (known) => ({ ...known, draft }));
    },
    [platform, client],
  );
  const { text = '', ...chosen } = form.draft ?? NOTHING_WRITTEN;
  const { draft, write, flush } = useDraftField(KEY, { text, type: packed(chosen) }, save);

  async function send(application: Application): Promise<boolean> {
    setBusy(true);
    setFault(null);
    try {
      await drafts.settle(KEY);
      await platform.call('applications.send', application);
      drafts.done(KEY, draft.text);
      return true;
    } catch (thrown) {
      write({ text: draft.text, type: draft.type });
      setFault(toFault(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  }

  function writeOn(content: Content): void {
    setFault(null);
    write(content);
  }
  return { draft, write: writeOn, flush, send, busy, fault };
}

const NOTHING_WRITTEN: Application = { ...NOTHING, text: '' };
