import type { Ref } from 'react';
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components';
import styles from './Field.module.css';

export type LineFieldProps = {
  label: string;
  hint?: string;
  /** What is wrong and what to do; null while nothing is, '' if the form says it. */
  error: string | null;
  value: string;
  onChange: (value: string) => void;
  name: string;
  autoComplete: string;
  type?: 'text' | 'url';
  inputMode?: 'numeric';
  /** The id of a text outside the field that explains it. */
  describedBy?: string;
  /** The error is said at once; for a refusal, when the focus is already in the field. */
  announceError?: boolean;
  testId: string;
  readOnly?: boolean;
  autoFocus?: boolean;
  ref?: Ref<HTMLInputElement>;
};

/** One line of text with its label, a hint before and an error after. */
export function LineField({
  label,
  hint,
  error,
  value,
  onChange,
  name,
  autoComplete,
  type = 'text',
  inputMode,
  describedBy,
  announceError = false,
  testId,
  readOnly = false,
  autoFocus = false,
  ref,
}: LineFieldProps) {
  return (
    <TextField
      className={styles.field ?? ''}
      name={name}
      type={type}
      {...(inputMode === undefined ? {} : { inputMode })}
      {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}
      value={value}
      onChange={onChange}
      autoComplete={autoComplete}
      isInvalid={error !== null}
      isReadOnly={readOnly}
      autoFocus={autoFocus}
      spellCheck="false"
      validationBehavior="aria"
    >
      <Label className={styles.label}>{label}</Label>
      <Input ref={ref} className={styles.input ?? ''} autoCapitalize="none" data-testid={testId} />
      {hint !== undefined && (
        <Text slot="description" className={styles.hint}>
          {hint}
        </Text>
      )}
      {error !== null && error !== '' && (
        <FieldError className={styles.error ?? ''}>
          {announceError ? <span role="alert">{error}</span> : error}
        </FieldError>
      )}
    </TextField>
  );
}
