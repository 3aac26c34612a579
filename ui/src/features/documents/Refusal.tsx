import { useRef } from 'react';
import type { Words } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { SelectField } from '../../shared/components/SelectField';
import { ReasonForm } from '../../shared/drafts/ReasonForm';
import { useRead } from '../../shared/rpc/queries';
import styles from './Card.module.css';
import { refusalKey, useSaveRefusal } from './refusal-draft';
import { rowFocus } from './row-focus';

type RefusalProps = {
  caseId: string;
  /** What is refused: a document, or a reason for lacking one. */
  id: string;
  /** The reason as the core has it. */
  stored: string;
  /** The question before it is sent. */
  question: string;
  label: string;
  /** Reasons that are often needed. */
  usual: readonly Words[];
  maxReason: number;
  onRefuse: (reason: string) => Promise<unknown>;
  /** It has been refused. */
  onDone: () => void;
  onClose: () => void;
};

/** The reason, which the holder reads. */
export function Refusal({
  caseId,
  id,
  stored,
  question,
  label,
  usual,
  maxReason,
  onRefuse,
  onDone,
  onClose,
}: RefusalProps) {
  const { locale } = useLocale();
  const field = useRef<HTMLTextAreaElement>(null);
  const toRow = useRef(() => {});
  const save = useSaveRefusal(caseId, id);
  const item = useRead('cases.list', {}).data?.find((each) => each.id === caseId);
  return (
    <div className={styles.refusal}>
      <ReasonForm
        draftKey={refusalKey(id)}
        stored={stored}
        save={save}
        label={label}
        hint={m.refusal_hint()}
        blank={m.refusal_blank()}
        submit={m.refusal_submit()}
        max={maxReason}
        testIds={{ text: 'refusal-text', confirm: 'confirm-refuse' }}
        field={field}
        ask={{
          title: question,
          about: item !== undefined && (
            <p>{m.refusal_whose({ name: item.holder, title: item.title, number: item.number })}</p>
          ),
        }}
        above={(add) =>
          usual.length > 0 && (
            <SelectField
              label={m.refusal_usual()}
              placeholder={m.refusal_usual_pick()}
              choices={usual.map((words, index) => ({ id: String(index), name: words[locale] }))}
              selected={null}
              onSelect={(index) => add(usual[Number(index)]?.[locale] ?? '')}
              testId="usual-reason"
            />
          )
        }
        onRefuse={(reason) => {
          toRow.current = rowFocus(field.current);
          return onRefuse(reason);
        }}
        onDone={() => {
          onDone();
          toRow.current();
        }}
        onClose={onClose}
      />
    </div>
  );
}
