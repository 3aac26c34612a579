/**
 * The window's language. Swedish unless the person has chosen otherwise: the computer's own language
 * is never asked, because Swedish is the language of the authority.
 */
import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { isLocale, type Locale, overwriteGetLocale } from './paraglide/runtime.js';

export type { Locale };

const STORAGE_KEY = 'behorig.locale';
/** What Intl and react-aria are asked for. British English has the day before the month. */
const INTL_LOCALE: Record<Locale, string> = { sv: 'sv-SE', en: 'en-GB' };

type LocaleChoice = { locale: Locale; choose: (locale: Locale) => void };
const LocaleContext = createContext<LocaleChoice>({ locale: 'sv', choose: () => {} });

/** The current language; a component that shows texts from a cache must depend on it. */
export function useLocale(): LocaleChoice {
  return use(LocaleContext);
}

/**
 * Gives everything below it the language. `children` is a function, so that a new language renders
 * all of it again without unmounting anything: a text being written stays in its field.
 */
export function LocaleProvider({ children }: { children: () => ReactNode }) {
  const [locale, setLocale] = useState<Locale>(() => activate(readChoice()));
  const choose = useCallback((next: Locale) => {
    activate(next);
    writeChoice(next);
    setLocale(next);
  }, []);
  const choice = useMemo(() => ({ locale, choose }), [locale, choose]);
  return (
    <LocaleContext value={choice}>
      <I18nProvider locale={INTL_LOCALE[locale]}>{children()}</I18nProvider>
    </LocaleContext>
  );
}

function activate(locale: Locale): Locale {
  overwriteGetLocale(() => locale);
  document.documentElement.lang = locale;
  return locale;
}

function readChoice(): Locale {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return isLocale(stored) ? stored : 'sv';
  } catch {
    return 'sv';
  }
}

function writeChoice(locale: Locale): void {
  try {
    localStorage.setItem(STORAGE_KEY, locale);
  } catch {
    // Without storage the choice holds until the window closes.
  }
}
