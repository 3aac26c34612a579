import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useId, useRef, useState } from 'react';
import type { CaseFile, CaseView } from '../../generated/rpc';
import { isDay, today } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { AreaField } from '../../shared/components/AreaField';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { LineField } from '../../shared/components/LineField';
import { Notice } from '../../shared/components/Notice';
import { SelectField } from '../../shared/components/SelectField';
import { useDraftField, useDrafts } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { keepInCache } from '../../shared/rpc/queries';
import { lengthOf } from '../../shared/text-length';
import { TextTools } from '../../shared/text-tools';
import styles from './Decision.module.css';
import { missing } from './DecisionView';

type Outcome = 'grant' | 'refuse';

type DecisionFormProps = { item: CaseView; file: CaseFile };

/** The decision and the letter that brings it. The letter is kept while it is written. */
export function DecisionForm({ item, file }: DecisionFormProps) {
  const { locale } = useLocale();
  const titleId = useId();
  const platform = usePlatform();
  const drafts = useDrafts();
  const field = useRef<HTMLTextAreaElement>(null);
  const [level, setLevel] = useState<string | null>(null);
  const [grantedOn, setGrantedOn] = useState(today);
  const [wrong, setWrong] = useState<'letter' | 'level' | 'day' | null>(null);
  const [asking, setAsking] = useState<Outcome | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const key = `decision/${file.id}`;
  const save = useSaveLetter(file.id);
  const { draft, write, flush } = useDraftField(key, { text: file.letter, type: '' }, save);
  const lacking = missing(item, file, locale);

  function ask(outcome: Outcome): void {
    if (draft.text.trim() === '' || lengthOf(draft.text) > file.max_letter) {
      setWrong('letter');
      field.current?.focus();
    } else if (outcome === 'grant' && file.levels.length > 0 && level === null) {
      setWrong('level');
    } else if (outcome === 'grant' && (!isDay(grantedOn) || grantedOn > today())) {
      setWrong('day');
    } else {
      setWrong(null);
      setAsking(outcome);
    }
  }

  async function decide(outcome: Outcome): Promise<void> {
    setAsking(null);
    setBusy(true);
    setFault(null);
    const letter = { case: file.id, text: draft.text };
    try {
      await drafts.settle(key);
      if (outcome === 'grant') {
        await platform.call('cases.grant', { ...letter, level, granted_on: grantedOn });
      } else {
        await platform.call('cases.refuse', letter);
      }
      drafts.done(key, draft.text);
    } catch (thrown) {
      write({ text: draft.text, type: '' });
      setFault(toFault(thrown));
    } finally {
      setBusy(false);
    }
  }

  const named = { title: item.title, holder: item.holder, number: item.number };
  return (
    <section className={styles.part} aria-labelledby={titleId}>
      <h2 id={titleId} className={styles.title}>
        {m.decision_title()}
      </h2>
      {lacking.length > 0 && (
        <ul className={styles.lacking} data-testid="lacking">
          {lacking.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      <div className={styles.fields}>
        {file.levels.length > 0 && (
          <div>
            <SelectField
              label={m.decision_level()}
              choices={file.levels.map(({ code, name }) => ({ id: code, name: name[locale] }))}
              selected={level}
              onSelect={(chosen) => {
                setWrong(null);
                setLevel(chosen);
              }}
              placeholder={m.decision_level_pick()}
              testId="decision-level"
            />
            {wrong === 'level' && (
              <p className={styles.error} role="alert">
                {m.decision_level_error()}
              </p>
            )}
          </div>
        )}
        <LineField
          label={m.decision_granted_on()}
          error={wrong === 'day' ? m.decision_date_error() : null}
          announceError
          value={grantedOn}
          onChange={(value) => {
            setWrong(null);
            setGrantedOn(value);
          }}
          name="granted-on"
          autoComplete="off"
          testId="decision-day"
        />
      </div>
      <AreaField
        ref={field}
        label={m.decision_letter()}
        hint={m.decision_letter_hint()}
        text={draft.text}
        max={file.max_letter}
        rows={6}
        error={wrong === 'letter' ? m.decision_letter_blank() : null}
        readOnly={busy}
        onChange={(text) => {
          setWrong(null);
          write({ text, type: '' });
        }}
        onBlur={() => void flush()}
        testId="decision-letter"
      />
      <div>
        <TextTools
          text={draft.text}
          onInsert={(text) => {
            setWrong(null);
            write({ text, type: '' });
            setTimeout(() => field.current?.focus(), 50);
          }}
        />
      </div>
      {draft.status === 'failed' && draft.fault !== null && (
        <Notice severity="error">{m.draft_failed({ reason: faultText(draft.fault) })}</Notice>
      )}
      <div className={styles.actions}>
        <Button
          look="primary"
          isPending={busy}
          isDisabled={lacking.length > 0}
          onPress={() => ask('grant')}
          data-testid="grant"
        >
          {m.decision_grant()}
        </Button>
        <Button isDisabled={busy} onPress={() => ask('refuse')} data-testid="refuse-application">
          {m.decision_refuse()}
        </Button>
      </div>
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
      {asking !== null && (
        <Dialog
          isOpen
          onClose={() => setAsking(null)}
          title={
            asking === 'grant' ? m.decision_grant_title(named) : m.decision_refuse_title(named)
          }
          role="alertdialog"
          actions={
            <>
              <Button onPress={() => setAsking(null)}>{m.message_cancel()}</Button>
              <Button
                look={asking === 'grant' ? 'primary' : 'danger'}
                autoFocus
                onPress={() => void decide(asking)}
                data-testid="confirm-decision"
              >
                {asking === 'grant' ? m.decision_grant_now() : m.decision_refuse_now()}
              </Button>
            </>
          }
        >
          <p>{asking === 'grant' ? m.decision_grant_text(named) : m.decision_refuse_text(named)}</p>
        </Dialog>
      )}
    </section>
  );
}

function useSaveLetter(caseId: string) {
  const platform = usePlatform();
  const client = useQueryClient();
  return useCallback(
    async ({ text }: { text: string }) => {
      await platform.call('cases.letter_save', { case: caseId, text });
      await keepInCache(client, 'cases.show', { case: caseId }, (file) => ({
        ...file,
        letter: text,
      }));
    },
    [platform, client, caseId],
  );
}
