import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useId, useState } from 'react';
import type { CaseFile, ExamDraft } from '../../generated/rpc';
import { isDay, longDay, today } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { LineField } from '../../shared/components/LineField';
import { Notice } from '../../shared/components/Notice';
import { SelectField } from '../../shared/components/SelectField';
import type { SaveContent } from '../../shared/drafts/drafts';
import { useWriting } from '../../shared/drafts/use-writing';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { keepInCache } from '../../shared/rpc/queries';
import styles from './Decision.module.css';

/** The results so far, and one more, which is kept while it is filled in. */
export function ExamForm({ file }: { file: CaseFile }) {
  const { locale } = useLocale();
  const titleId = useId();
  const platform = usePlatform();
  const save = useSaveExam(file.id);
  const blank = { part: file.exam_parts[0]?.code ?? '', held_on: '', mark: '', passed: true };
  const stored = file.exam === null ? '' : JSON.stringify(file.exam);
  const writing = useWriting(`exam/${file.id}`, { text: stored, type: '' }, save);
  const { draft, busy, fault } = writing;
  const exam = examIn(draft.text) ?? blank;
  const [wrongDay, setWrongDay] = useState(false);

  function fill(filled: Partial<ExamDraft>): void {
    setWrongDay(false);
    writing.write({ text: JSON.stringify({ ...exam, ...filled }), type: '' });
  }

  async function submit(): Promise<void> {
    if (!isDay(exam.held_on) || exam.held_on > today()) {
      setWrongDay(true);
      return;
    }
    await writing.send(() => platform.call('cases.record_exam', { case: file.id, ...exam }));
  }

  return (
    <section className={styles.part} aria-labelledby={titleId}>
      <h2 id={titleId} className={styles.title}>
        {m.decision_exams()}
      </h2>
      {file.exams.length > 0 && (
        <ul className={styles.results} data-testid="exams">
          {file.exams.map((exam, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: results have no other name, and are only added
            <li key={file.exams.length - at}>
              {exam.passed
                ? m.panel_exam_passed({ part: exam.part[locale] })
                : m.panel_exam_failed({ part: exam.part[locale] })}
              <span className={styles.meta}>
                {[exam.mark, longDay(exam.held_on, locale)].filter((it) => it !== '').join(', ')}
              </span>
            </li>
          ))}
        </ul>
      )}
      {file.stage === 'application' && (
        <>
          <div className={styles.fields}>
            <SelectField
              label={m.decision_exam_part()}
              choices={file.exam_parts.map(({ code, name }) => ({ id: code, name: name[locale] }))}
              selected={exam.part}
              onSelect={(part) => fill({ part })}
              testId="exam-part"
            />
            <LineField
              label={m.decision_exam_held()}
              error={wrongDay ? m.decision_date_error() : null}
              announceError
              value={exam.held_on}
              onChange={(value) => fill({ held_on: value })}
              name="held-on"
              autoComplete="off"
              testId="exam-held-on"
            />
            <LineField
              label={m.decision_exam_mark()}
              error={null}
              value={exam.mark}
              onChange={(mark) => fill({ mark })}
              name="mark"
              autoComplete="off"
              testId="exam-mark"
            />
            <SelectField
              label={m.decision_exam_outcome()}
              choices={[
                { id: 'passed', name: m.decision_exam_passed() },
                { id: 'failed', name: m.decision_exam_failed() },
              ]}
              selected={exam.passed ? 'passed' : 'failed'}
              onSelect={(id) => fill({ passed: id === 'passed' })}
              testId="exam-outcome"
            />
          </div>
          <div className={styles.actions}>
            <Button isPending={busy} onPress={() => void submit()} data-testid="exam-record">
              {m.decision_exam_record()}
            </Button>
          </div>
        </>
      )}
      {draft.status === 'failed' && draft.fault !== null && (
        <Notice severity="error">{m.draft_failed({ reason: faultText(draft.fault) })}</Notice>
      )}
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
    </section>
  );
}

/** What is being filled in, as the draft has it; null if nothing is. */
function examIn(text: string): ExamDraft | null {
  return text === '' ? null : (JSON.parse(text) as ExamDraft);
}

function useSaveExam(caseId: string): SaveContent {
  const platform = usePlatform();
  const client = useQueryClient();
  return useCallback(
    async ({ text }) => {
      const exam = examIn(text);
      const nothing = { part: '', held_on: '', mark: '', passed: true };
      await platform.call('cases.exam_save', { case: caseId, ...(exam ?? nothing) });
      await keepInCache(client, 'cases.show', { case: caseId }, (file) => ({ ...file, exam }));
    },
    [platform, client, caseId],
  );
}
