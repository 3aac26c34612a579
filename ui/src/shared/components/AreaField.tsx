import type { Ref } from 'react';
import { FieldError, Label, Text, TextArea, TextField } from 'react-aria-components';
import { wholeNumber } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { isNearLimit, lengthOf } from '../text-length';
import styles from './Field.module.css';

type AreaFieldProps = {
  label: string;
  hint: string;
  text: string;
  /** Most characters that it takes. */
  max: number;
  rows: number;
  /** What is wrong besides its length. */
  error?: string | null;
  /** What to do about a text that is too long, if it is more than to shorten it. */
  tooLong?: (values: { count: number; shown: string; max: string }) => string;
  readOnly: boolean;
  onChange: (text: string) => void;
  onBlur: () => void;
  testId: string;
  ref?: Ref<HTMLTextAreaElement>;
};

/** Some lines of text with a limit: a message, a note, a reason. */
export function AreaField({
  label,
  hint,
  text,
  max,
  rows,
  error = null,
  tooLong = m.area_too_long,
  readOnly,
  onChange,
  onBlur,
  testId,
  ref,
}: AreaFieldProps) {
  const { locale } = useLocale();
  const length = lengthOf(text);
  const over = length - max;
  const shown = wholeNumber(Math.abs(over), locale);
  const wrong = over > 0 ? tooLong({ count: over, shown, max: wholeNumber(max, locale) }) : error;
  return (
    <TextField
      className={styles.field ?? ''}
      value={text}
      onChange={onChange}
      onBlur={onBlur}
      isReadOnly={readOnly}
      isInvalid={wrong !== null}
      validationBehavior="aria"
    >
      <Label className={styles.label}>{label}</Label>
      <TextArea
        ref={ref}
        className={styles.area ?? ''}
        data-rows={rows}
        rows={rows}
        data-testid={testId}
      />
      {wrong === null ? (
        <Text slot="description" className={styles.hint}>
          {isNearLimit(length, max) ? m.message_remaining({ count: -over, shown }) : hint}
        </Text>
      ) : (
        <div role="alert">
          <FieldError className={styles.error ?? ''}>{wrong}</FieldError>
        </div>
      )}
    </TextField>
  );
}
