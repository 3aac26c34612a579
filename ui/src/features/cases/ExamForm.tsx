import { useId, useState } from 'react';
import type { CaseFile } from '../../generated/rpc';
import { isDay, longDay, today } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { LineField } from '../../shared/components/LineField';
import { Notice } from '../../shared/components/Notice';
import { SelectField } from '../../shared/components/SelectField';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Decision.module.css';

/** The results so far, and one more. */
export function ExamForm({ file }: { file: CaseFile }) {
  const { locale } = useLocale();
  const titleId = useId();
  const record = useWrite('cases.record_exam');
  const [part, setPart] = useState(file.exam_parts[0]?.code ?? '');
  const [heldOn, setHeldOn] = useState('');
  const [mark, setMark] = useState('');
  const [passed, setPassed] = useState(true);
  const [wrongDay, setWrongDay] = useState(false);

  function submit(): void {
    if (!isDay(heldOn) || heldOn > today()) {
      setWrongDay(true);
      return;
    }
    record.mutate(
      { case: file.id, part, held_on: heldOn, mark, passed },
      {
        onSuccess: () => {
          setHeldOn('');
          setMark('');
        },
      },
    );
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
              selected={part}
              onSelect={setPart}
              testId="exam-part"
            />
            <LineField
              label={m.decision_exam_held()}
              error={wrongDay ? m.decision_date_error() : null}
              announceError
              value={heldOn}
              onChange={(value) => {
                setWrongDay(false);
                setHeldOn(value);
              }}
              name="held-on"
              autoComplete="off"
              testId="exam-held-on"
            />
            <LineField
              label={m.decision_exam_mark()}
              error={null}
              value={mark}
              onChange={setMark}
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
              selected={passed ? 'passed' : 'failed'}
              onSelect={(id) => setPassed(id === 'passed')}
              testId="exam-outcome"
            />
          </div>
          <div className={styles.actions}>
            <Button isPending={record.isPending} onPress={submit} data-testid="exam-record">
              {m.decision_exam_record()}
            </Button>
          </div>
        </>
      )}
      {record.error !== null && (
        <Notice severity={FAULTS[record.error.code]?.severity ?? 'error'}>
          {faultText(record.error)}
        </Notice>
      )}
    </section>
  );
}
