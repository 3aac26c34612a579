import { m } from '../../i18n/paraglide/messages.js';

type Copied = {
  kind: string;
  subject: string;
  /** The case's registry number; empty if it is not known. */
  number: string;
  day: string;
  /** What has happened to it, in words. */
  times: readonly string[];
  text: string;
};

/** What a copy of an entry is called and says. */
export function copyOf({ kind, subject, number, day, times, text }: Copied): {
  name: string;
  text: string;
} {
  const heading = [
    `${kind}: ${subject}`,
    ...(number === '' ? [] : [`${m.case_number()}: ${number}`]),
    ...times,
  ];
  // A registry number may hold what no file's name may.
  const name = [kind, number.replace(/[\\/:]/g, '-'), day].filter((each) => each !== '');
  return { name: `${name.join(' ')}.txt`, text: `${heading.join('\n')}\n\n${text}\n` };
}
