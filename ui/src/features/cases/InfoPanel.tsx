import type { ReactNode } from 'react';
import type { CaseFile, CaseView, ExamView } from '../../generated/rpc';
import { longDay } from '../../i18n/format';
import { type Locale, useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Chip } from '../../shared/components/Chip';
import { IdentityNumber } from '../../shared/components/IdentityNumber';
import { useRead } from '../../shared/rpc/queries';
import { stageOf } from '../../shared/stage';
import { EventLog } from './EventLog';
import styles from './InfoPanel.module.css';
import { OnTheirWay } from './OnTheirWay';
import { WithdrawButton } from './WithdrawButton';

/** The most important facts of a case, above all that is done in it (KW-20). */
export function InfoPanel({ item }: { item: CaseView }) {
  const { data: file } = useRead('cases.show', { case: item.id });
  return (
    <section className={styles.panel} aria-label={m.panel_label()}>
      {/* The list knows some of it at once; the rest comes in the same place. */}
      <Facts item={item} file={file} />
      {file !== undefined && file.on_their_way.length > 0 && (
        <OnTheirWay acts={file.on_their_way} />
      )}
      {file !== undefined && (
        <EventLog events={file.events}>
          {file.mine && file.stage === 'application' && <WithdrawButton item={item} />}
        </EventLog>
      )}
    </section>
  );
}

type FactsProps = { item: CaseView; file: CaseFile | undefined };

function Facts({ item, file }: FactsProps) {
  const { locale } = useLocale();
  const stage = stageOf(item);
  const certificate = file?.certificate ?? null;
  return (
    <dl className={styles.facts}>
      <Fact name={m.panel_name()}>{item.holder}</Fact>
      <Fact name={m.panel_identity()}>
        {file !== undefined && <IdentityNumber number={file.identity_number} />}
      </Fact>
      <Fact name={m.panel_officer()}>
        {item.officer ?? <span className={styles.none}>{m.panel_officer_none()}</span>}
      </Fact>
      <Fact name={m.panel_stage()}>
        <Chip tone={stage.tone} icon={stage.icon}>
          {stage.text}
        </Chip>
      </Fact>
      {file !== undefined && file.digital !== null && (
        <Fact name={m.panel_channel()}>{file.digital ? m.panel_digital() : m.panel_analog()}</Fact>
      )}
      <Fact name={m.panel_number()}>{item.number}</Fact>
      <Fact name={m.panel_type()}>{file === undefined ? item.title : file.scheme[locale]}</Fact>
      {file !== undefined && file.renews !== null && (
        <Fact name={m.panel_renews()}>{file.renews}</Fact>
      )}
      <Fact name={m.panel_certificate()}>
        {item.certificate ?? <span className={styles.none}>{m.panel_certificate_none()}</span>}
      </Fact>
      {certificate !== null && certificate.level !== null && (
        <Fact name={m.panel_level()}>{certificate.level[locale]}</Fact>
      )}
      {certificate !== null && (
        <Fact name={m.panel_valid_to()}>
          {longDay(certificate.valid_to, locale)}
          <span className={styles.if}>{m.panel_valid_if()}</span>
        </Fact>
      )}
      {(file === undefined || file.exam_parts.length > 0) && (
        <Fact name={m.panel_exam()}>{examText(file?.exams[0], locale)}</Fact>
      )}
      <Fact name={m.panel_card()}>{yesOrNo(certificate?.card ?? false)}</Fact>
      <Fact name={m.panel_published()}>{yesOrNo(certificate?.published ?? false)}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function examText(exam: ExamView | undefined, locale: Locale): ReactNode {
  if (exam === undefined) {
    return <span className={styles.none}>{m.panel_exam_none()}</span>;
  }
  const part = exam.part[locale];
  const text = exam.passed ? m.panel_exam_passed({ part }) : m.panel_exam_failed({ part });
  const more = [exam.mark, longDay(exam.held_on, locale)].filter((each) => each !== '');
  return (
    <>
      {text}
      <span className={styles.if}>{more.join(', ')}</span>
    </>
  );
}

function yesOrNo(is: boolean): string {
  return is ? m.yes() : m.no();
}
