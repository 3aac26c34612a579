/**
 * Dates and times the Swedish way (14.30, 22 nov), in the computer's time zone. Everything takes the
 * language as an argument, so that nothing shows a date in the wrong one after a change.
 */
import type { Locale } from './locale';

type Formats = {
  longDate: Intl.DateTimeFormat;
  shortDate: Intl.DateTimeFormat;
  shortDateAndYear: Intl.DateTimeFormat;
  wholeNumber: Intl.NumberFormat;
  oneDecimal: Intl.NumberFormat;
  dateToTime: string;
  hoursToMinutes: string;
};

/** Made once: a list of a thousand messages would otherwise spend most of its time making them. */
const FORMATS: Record<Locale, Formats> = {
  sv: formatsFor('sv-SE', ' kl. ', '.'),
  en: formatsFor('en-GB', ', ', ':'),
};

const PLAIN_DATE = new Intl.DateTimeFormat('sv-SE');

function formatsFor(tag: string, dateToTime: string, hoursToMinutes: string): Formats {
  const short = { day: 'numeric', month: 'short' } as const;
  return {
    longDate: new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'long', year: 'numeric' }),
    shortDate: new Intl.DateTimeFormat(tag, short),
    shortDateAndYear: new Intl.DateTimeFormat(tag, { ...short, year: 'numeric' }),
    wholeNumber: new Intl.NumberFormat(tag),
    oneDecimal: new Intl.NumberFormat(tag, { maximumFractionDigits: 1 }),
    dateToTime,
    hoursToMinutes,
  };
}

/** "22 november 2026 kl. 14.30", for a message or an entry. */
export function dateAndTime(rfc3339: string, locale: Locale): string {
  const date = new Date(rfc3339);
  return `${FORMATS[locale].longDate.format(date)}${time(date, locale)}`;
}

/** The day that it is on this computer: "2026-11-22". */
export function today(): string {
  return PLAIN_DATE.format(new Date());
}

/** Whether a text is a day that a calendar has, written as 2026-11-22. */
export function isDay(text: string): boolean {
  const date = new Date(`${text}T12:00:00`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && PLAIN_DATE.format(date) === text;
}

/** "22 november 2026" of the day "2026-11-22", whatever the computer's time zone. */
export function longDay(day: string, locale: Locale): string {
  return FORMATS[locale].longDate.format(new Date(`${day}T12:00:00`));
}

/** "2026-11-22", in names of files: both languages write it so there. */
export function plainDate(rfc3339: string): string {
  return PLAIN_DATE.format(new Date(rfc3339));
}

/** "22 november 2026 kl. 14.30.05", where minutes are not enough to tell two apart. */
export function dateAndTimeToSecond(rfc3339: string, locale: Locale): string {
  const seconds = String(new Date(rfc3339).getSeconds()).padStart(2, '0');
  return `${dateAndTime(rfc3339, locale)}${FORMATS[locale].hoursToMinutes}${seconds}`;
}

/** "22 nov", or "22 nov 2025" in another year than `now`; for lists. */
export function shortDate(rfc3339: string, locale: Locale, now: Date): string {
  const date = new Date(rfc3339);
  const { shortDate, shortDateAndYear } = FORMATS[locale];
  const format = date.getFullYear() === now.getFullYear() ? shortDate : shortDateAndYear;
  return format.format(date).replace('.', '');
}

/** "22 nov kl. 14.30", where there is little room. */
export function shortDateAndTime(rfc3339: string, locale: Locale, now: Date): string {
  return `${shortDate(rfc3339, locale, now)}${time(new Date(rfc3339), locale)}`;
}

/** A whole number with the language's own thousands separator: "4 000". */
export function wholeNumber(value: number, locale: Locale): string {
  return FORMATS[locale].wholeNumber.format(value);
}

/** A file's size as its folder shows it: "640 kB", "4,5 MB". A started kilobyte is a whole one. */
export function fileSize(bytes: number, locale: Locale): string {
  const { wholeNumber: whole, oneDecimal } = FORMATS[locale];
  if (bytes < 1_000_000) {
    return `${whole.format(Math.ceil(bytes / 1_000))}\u00A0kB`;
  }
  return bytes < 1_000_000_000
    ? `${oneDecimal.format(bytes / 1_000_000)}\u00A0MB`
    : `${oneDecimal.format(bytes / 1_000_000_000)}\u00A0GB`;
}

/** " kl. 14.30", with what joins it to a date. */
function time(date: Date, locale: Locale): string {
  const { dateToTime, hoursToMinutes } = FORMATS[locale];
  const hours = String(date.getHours()).padStart(2, '0');
  const minutes = String(date.getMinutes()).padStart(2, '0');
  return `${dateToTime}${hours}${hoursToMinutes}${minutes}`;
}
