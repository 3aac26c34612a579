import { type Locale, useLocale } from '../i18n/locale';
import { m } from '../i18n/paraglide/messages.js';
import { Button } from '../shared/components/Button';

const OTHER: Record<Locale, Locale> = { sv: 'en', en: 'sv' };

/** Named in the language it leads to, for those who cannot read the one on screen. */
export function LocaleButton() {
  const { locale, choose } = useLocale();
  const other = OTHER[locale];
  return (
    <Button look="quiet" size="small" onPress={() => choose(other)} data-testid="locale">
      <span lang={other}>{m.locale_switch()}</span>
    </Button>
  );
}
