/**
 * Dates and times the Swedish way (14.30, 22 nov), in the computer's time zone. Everything takes the
 * language as an argument, so that nothing shows a date in the wrong one after a change.
 */
import type { Locale } from './locale';

const INTL_LOCALE: Record<Locale, string> = { sv: 'sv-SE', en: 'en-GB' };

/** "22 november 2026 kl. 14.30", for a message or an entry. */
export function dateAndTime(rfc3339: string, locale: Locale): string {
  const date = new Date(rfc3339);
  const day = new Intl.DateTimeFormat(INTL_LOCALE[locale], {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(date);
  return locale === 'sv' ? `${day} kl. ${clock(date, '.')}` : `${day}, ${clock(date, ':')}`;
}

/** "22 nov", or "22 nov 2025" in another year than `now`; for lists. */
export function shortDate(rfc3339: string, locale: Locale, now: Date): string {
  const date = new Date(rfc3339);
  const sameYear = date.getFullYear() === now.getFullYear();
  const text = new Intl.DateTimeFormat(INTL_LOCALE[locale], {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' as const }),
  }).format(date);
  return text.replace('.', '');
}

function clock(date: Date, separator: string): string {
  const hours = String(date.getHours()).padStart(2, '0');
  const minutes = String(date.getMinutes()).padStart(2, '0');
  return `${hours}${separator}${minutes}`;
}

/** A whole number with the language's own thousands separator: "4 000". */
export function wholeNumber(value: number, locale: Locale): string {
  return new Intl.NumberFormat(INTL_LOCALE[locale]).format(value);
}
