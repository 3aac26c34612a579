/** What stands in braces in a template, and what it becomes in a case. */
import type { CaseView } from '../../generated/rpc';

/** The fields, as they are written. The texts are in the applicants' language. */
export const FIELDS = ['namn', 'ärende', 'certifiering', 'handläggare', 'datum'] as const;
type Field = (typeof FIELDS)[number];

const BRACES = /\{([^{}\n]{1,40})\}/g;

/** The values that the fields have in a case today. */
export function valuesOf(item: CaseView, today: Date): Record<Field, string> {
  return {
    namn: item.holder,
    ärende: item.number,
    certifiering: item.title,
    handläggare: item.officer ?? '',
    datum: today.toLocaleDateString('sv-SE', { day: 'numeric', month: 'long', year: 'numeric' }),
  };
}

/** The text with its fields filled in. What is no field stays as it is: it is seen before it is sent. */
export function filledIn(text: string, values: Record<Field, string>): string {
  return text.replace(BRACES, (whole, name: string) => {
    const field = fieldOf(name);
    return field === undefined || values[field] === '' ? whole : values[field];
  });
}

/** What stands in braces and is no field. */
export function unknownFields(text: string): string[] {
  const found = [...text.matchAll(BRACES)].map(([whole, name]) => ({ whole, name: name ?? '' }));
  return [
    ...new Set(found.filter(({ name }) => fieldOf(name) === undefined).map((it) => it.whole)),
  ];
}

function fieldOf(name: string): Field | undefined {
  const wanted = name.trim().toLocaleLowerCase('sv').normalize('NFC');
  return FIELDS.find((field) => field === wanted);
}
