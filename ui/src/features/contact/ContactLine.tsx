import { m } from '../../i18n/paraglide/messages.js';
import { LineField } from '../../shared/components/LineField';
import { type Field, labelOf } from './fields';

type ContactLineProps = {
  field: Field;
  value: string;
  error: string | null;
  onChange: (text: string) => void;
};

/** One detail that is typed. */
export function ContactLine({ field, value, error, onChange }: ContactLineProps) {
  const hint = hintFor(field);
  return (
    <LineField
      label={labelOf(field)}
      {...(hint === null ? {} : { hint })}
      error={error}
      value={value}
      onChange={onChange}
      name={field}
      // Whatever a browser remembers, it is not on this computer's form.
      autoComplete="off"
      testId={`contact-${field}`}
    />
  );
}

function hintFor(field: Field): string | null {
  switch (field) {
    case 'phone':
      return m.contact_hint_phone();
    case 'company_number':
      return m.contact_hint_company_number();
    default:
      return null;
  }
}
