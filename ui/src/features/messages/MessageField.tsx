import type { KeyboardEvent, Ref } from 'react';
import { FieldError, Label, Text, TextArea, TextField } from 'react-aria-components';
import { wholeNumber } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import styles from '../../shared/components/Field.module.css';
import { isNearLimit, lengthOf } from '../../shared/text-length';

type MessageFieldProps = {
  text: string;
  maxLength: number;
  /** The person tried to send nothing. */
  blank: boolean;
  /** Whether a text that is too long can be sent as a document. */
  canBeDocument: boolean;
  readOnly: boolean;
  onChange: (text: string) => void;
  onBlur: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  ref: Ref<HTMLTextAreaElement>;
};

/** The text itself, with what is left of the room and what is wrong with it. */
export function MessageField({
  text,
  maxLength,
  blank,
  canBeDocument,
  readOnly,
  onChange,
  onBlur,
  onKeyDown,
  ref,
}: MessageFieldProps) {
  const { locale } = useLocale();
  const length = lengthOf(text);
  const over = length - maxLength;
  const error = errorText();

  function errorText(): string | null {
    if (over > 0) {
      const values = { count: over, max: wholeNumber(maxLength, locale) };
      return canBeDocument ? m.message_too_long(values) : m.message_too_long_shorten(values);
    }
    return blank ? m.message_blank() : null;
  }

  return (
    <TextField
      className={styles.field ?? ''}
      value={text}
      onChange={onChange}
      onBlur={onBlur}
      onKeyDown={onKeyDown}
      isReadOnly={readOnly}
      isInvalid={error !== null}
      validationBehavior="aria"
    >
      <Label className={styles.label}>{m.message_label()}</Label>
      <TextArea ref={ref} className={styles.area ?? ''} rows={5} data-testid="message-text" />
      {over <= 0 && (
        <Text slot="description" className={styles.hint}>
          {isNearLimit(length, maxLength)
            ? m.message_remaining({ count: -over })
            : m.message_shortcut()}
        </Text>
      )}
      {error !== null && (
        <div role="alert">
          <FieldError className={styles.error ?? ''}>{error}</FieldError>
        </div>
      )}
    </TextField>
  );
}
