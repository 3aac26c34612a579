import type { ReactNode, Ref } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { AreaField } from '../components/AreaField';
import { Notice } from '../components/Notice';
import { FAULTS, faultText } from '../errors/faults';
import type { Writing } from './use-writing';
import styles from './Writing.module.css';

type WritingFieldProps = {
  writing: Writing;
  label: string;
  hint: string;
  max: number;
  rows: number;
  /** What is wrong besides its length. */
  error: string | null;
  /** Something was typed. */
  onType?: () => void;
  testId: string;
  ref?: Ref<HTMLTextAreaElement>;
  /** What helps in writing it. */
  tools?: ReactNode;
  /** What is done with it: its buttons. */
  children: ReactNode;
};

/** A text being written with what is done with it, and why that or keeping it did not work. */
export function WritingField({
  writing: { draft, write, flush, busy, fault },
  error,
  onType,
  tools,
  children,
  ...field
}: WritingFieldProps) {
  return (
    <>
      <AreaField
        {...field}
        text={draft.text}
        error={error}
        readOnly={busy}
        onChange={(text) => {
          onType?.();
          write({ text, type: draft.type });
        }}
        onBlur={() => void flush()}
      />
      {tools !== undefined && <div>{tools}</div>}
      {draft.status === 'failed' && draft.fault !== null && (
        <Notice severity="error">{m.draft_failed({ reason: faultText(draft.fault) })}</Notice>
      )}
      <div className={styles.actions}>{children}</div>
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
    </>
  );
}
