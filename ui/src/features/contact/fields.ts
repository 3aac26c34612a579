/** The details of a person: what each is called, what goes together, and how it is typed and read. */
import type { ContactView, Rejection } from '../../generated/rpc';
import type { Locale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { rejectionText } from '../../shared/errors/rejections';

/** What each detail is called. A server may hold more; what has no words here is not shown. */
const LABELS = {
  name: () => m.field_name(),
  care_of: () => m.field_care_of(),
  street: () => m.field_street(),
  postal_code: () => m.field_postal_code(),
  town: () => m.field_town(),
  country: () => m.field_country(),
  phone: () => m.field_phone(),
  email: () => m.field_email(),
  channel: () => m.field_channel(),
  company_name: () => m.field_company_name(),
  company_number: () => m.field_company_number(),
  billing: () => m.field_billing(),
  billing_name: () => m.field_billing_name(),
  billing_street: () => m.field_billing_street(),
  billing_postal_code: () => m.field_billing_postal_code(),
  billing_town: () => m.field_billing_town(),
  billing_country: () => m.field_billing_country(),
  billing_reference: () => m.field_billing_reference(),
  billing_email: () => m.field_billing_email(),
} satisfies Record<string, () => string>;

export type Field = keyof typeof LABELS;

export type Block = { id: string; title: (isMine: boolean) => string; fields: readonly Field[] };

/** The only details of an invoice address of its own. */
const BILLING_ADDRESS: readonly Field[] = [
  'billing_name',
  'billing_street',
  'billing_postal_code',
  'billing_town',
  'billing_country',
];

export const BLOCKS: readonly Block[] = [
  {
    id: 'person',
    title: () => m.contact_block_person(),
    fields: ['name', 'care_of', 'street', 'postal_code', 'town', 'country'],
  },
  {
    id: 'reach',
    title: (isMine) => (isMine ? m.contact_block_reach() : m.contact_block_reach_officer()),
    fields: ['phone', 'email', 'channel'],
  },
  {
    id: 'company',
    title: () => m.contact_block_company(),
    fields: ['company_name', 'company_number'],
  },
  {
    id: 'billing',
    title: () => m.contact_block_billing(),
    fields: ['billing', ...BILLING_ADDRESS, 'billing_reference', 'billing_email'],
  },
];

export function isField(name: string): name is Field {
  return name in LABELS;
}

export function labelOf(field: Field): string {
  return LABELS[field]();
}

export type Values = Readonly<Record<Field, string>>;

/** Each detail as the server has it. */
export function valuesOf({ details }: ContactView): Values {
  const values = Object.fromEntries(Object.keys(LABELS).map((field) => [field, '']));
  for (const { field, value } of details) {
    values[field] = value;
  }
  return values as Values;
}

/** Whether a detail has a meaning beside the others: an address that is not used has none. */
export function isUsed(field: Field, values: Values): boolean {
  return values.billing === 'other' || !BILLING_ADDRESS.includes(field);
}

/** Only what people choose from few. */
export function choicesOf(
  field: Field,
  locale: Locale,
): Array<{ id: string; name: string }> | null {
  switch (field) {
    case 'billing':
      return [
        { id: 'own', name: m.billing_own() },
        { id: 'other', name: m.billing_other() },
      ];
    case 'channel':
      return [
        { id: 'digital', name: m.channel_digital() },
        { id: 'analog', name: m.channel_analog() },
      ];
    case 'country':
    case 'billing_country':
      return countries(locale);
    default:
      return null;
  }
}

/** A detail in words. */
export function wordsFor(field: Field, value: string, locale: Locale): string {
  if (value === '') {
    return m.contact_none();
  }
  const chosen = choicesOf(field, locale)?.find(({ id }) => id === value);
  return chosen?.name ?? value;
}

/** The countries of the European Economic Area and their neighbours, Sweden first. */
const COUNTRIES =
  'AX AT BE BG CH CY CZ DE DK EE ES FI FO FR GB GL GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SI SK UA US'.split(
    ' ',
  );

function countries(locale: Locale): Array<{ id: string; name: string }> {
  const names = new Intl.DisplayNames([locale], { type: 'region' });
  const named = (id: string) => ({ id, name: names.of(id) ?? id });
  const order = new Intl.Collator(locale);
  const others = COUNTRIES.map(named).sort((one, two) => order.compare(one.name, two.name));
  return [named('SE'), ...others];
}

type FaultWords = (values: { field: string; max: number }) => string;

const FAULTS = new Map<string, FaultWords>([
  ['missing', ({ field }) => m.fault_missing({ field })],
  ['too_long', ({ field, max }) => m.fault_too_long({ field, max })],
  ['no_text', ({ field }) => m.fault_no_text({ field })],
  ['no_postal_code', () => m.fault_no_postal_code()],
  ['no_phone', () => m.fault_no_phone()],
  ['no_email', () => m.fault_no_email()],
  ['no_organisation_number', () => m.fault_no_organisation_number()],
  ['no_choice', ({ field }) => m.fault_no_choice({ field })],
]);

/** What is wrong with a detail, and what to do. */
export function faultIn(field: Field, reason: Rejection): string {
  const { fault, max } = (reason.params ?? {}) as Record<string, unknown>;
  const words = FAULTS.get(String(fault));
  return words?.({ field: labelOf(field), max: Number(max) }) ?? rejectionText(reason);
}
