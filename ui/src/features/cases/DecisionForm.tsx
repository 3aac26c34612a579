import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useId, useRef, useState } from 'react';
import type { CaseFile, CaseView, LetterDraft } from '../../generated/rpc';
import { isDay, today } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { LineField } from '../../shared/components/LineField';
import { SelectField } from '../../shared/components/SelectField';
import type { SaveContent } from '../../shared/drafts/drafts';
import { useWriting } from '../../shared/drafts/use-writing';
import { WritingField } from '../../shared/drafts/WritingField';
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
  const field = useRef<HTMLTextAreaElement>(null);
  const [wrong, setWrong] = useState<'letter' | 'level' | 'day' | null>(null);
  const [asking, setAsking] = useState<Outcome | null>(null);
  const save = useSaveLetter(file.id);
  const stored = { text: file.letter.text, type: choiceText(file.letter) };
  const writing = useWriting(`decision/${file.id}`, stored, save);
  const { draft, busy } = writing;
  const choice = choiceIn(draft.type);
  const { level } = choice;
  const grantedOn = choice.granted_on === '' ? today() : choice.granted_on;
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
    const letter = { case: file.id, text: draft.text };
    await writing.send(() =>
      outcome === 'grant'
        ? platform.call('cases.grant', { ...letter, level, granted_on: grantedOn })
        : platform.call('cases.refuse', letter),
    );
  }

  function choose(chosen: Partial<Choice>): void {
    setWrong(null);
    writing.write({ text: draft.text, type: choiceText({ ...choice, ...chosen }) });
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
              onSelect={(chosen) => choose({ level: chosen })}
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
          onChange={(value) => choose({ granted_on: value })}
          name="granted-on"
          autoComplete="off"
          testId="decision-day"
        />
      </div>
      <WritingField
        ref={field}
        writing={writing}
        label={m.decision_letter()}
        hint={m.decision_letter_hint()}
        max={file.max_letter}
        rows={6}
        error={wrong === 'letter' ? m.decision_letter_blank() : null}
        onType={() => setWrong(null)}
        testId="decision-letter"
        tools={
          <TextTools
            text={draft.text}
            onInsert={(text) => {
              setWrong(null);
              writing.write({ text, type: draft.type });
              setTimeout(() => field.current?.focus(), 50);
            }}
          />
        }
      >
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
      </WritingField>
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

type Choice = Pick<LetterDraft, 'level' | 'granted_on'>;

/** What is chosen beside the letter is kept with it. */
function choiceText({ level, granted_on }: Choice): string {
  return JSON.stringify({ level, granted_on });
}

function choiceIn(type: string): Choice {
  return type === '' ? { level: null, granted_on: '' } : (JSON.parse(type) as Choice);
}

function useSaveLetter(caseId: string): SaveContent {
  const platform = usePlatform();
  const client = useQueryClient();
  return useCallback(
    async ({ text, type }) => {
      const letter = { case: caseId, text, ...choiceIn(type) };
      await platform.call('cases.letter_save', letter);
      await keepInCache(client, 'cases.show', { case: caseId }, (file) => ({ ...file, letter }));
    },
    [platform, client, caseId],
  );
}
