import type { Ref } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { AreaField } from '../../shared/components/AreaField';

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
  ref,
}: MessageFieldProps) {
  return (
    <AreaField
      ref={ref}
      label={m.message_label()}
      hint={m.message_shortcut()}
      text={text}
      max={maxLength}
      rows={5}
      error={blank ? m.message_blank() : null}
      tooLong={canBeDocument ? m.message_too_long : m.message_too_long_shorten}
      readOnly={readOnly}
      onChange={onChange}
      onBlur={onBlur}
      testId="message-text"
    />
  );
}
