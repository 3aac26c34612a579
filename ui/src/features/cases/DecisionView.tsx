import type { CaseFile, CaseView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import { useRead } from '../../shared/rpc/queries';
import styles from './Decision.module.css';
import { DecisionForm } from './DecisionForm';
import { ExamForm } from './ExamForm';
import { HandOver } from './HandOver';
import { Proofs } from './Proofs';

type DecisionViewProps = { item: CaseView };

/** What only the case's officer does: examinations, the decision, the proofs, and who goes on with it. */
export function DecisionView({ item }: DecisionViewProps) {
  const { data: file, error, refetch } = useRead('cases.show', { case: item.id });
  if (file === undefined) {
    return error === null ? (
      <Loading />
    ) : (
      <FaultView fault={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <div className={styles.view}>
      {file.exam_parts.length > 0 && <ExamForm file={file} />}
      {file.stage === 'application' && <DecisionForm item={item} file={file} />}
      {file.certificate !== null && <Proofs file={file} certificate={file.certificate} />}
      <HandOver file={file} />
    </div>
  );
}

/** What still keeps the application from being granted. */
export function missing(item: CaseView, file: CaseFile, locale: 'sv' | 'en'): string[] {
  const rows = item.documents_needed - item.documents_accepted;
  const parts = file.exam_parts.filter(({ name }) => {
    const latest = file.exams.find((exam) => exam.part.sv === name.sv);
    return latest?.passed !== true;
  });
  return [
    ...(rows > 0 ? [m.decision_missing_rows({ count: rows })] : []),
    ...parts.map(({ name }) => m.decision_missing_exam({ part: name[locale] })),
  ];
}
