/** What can be applied for, as a list to choose from: each certification, and each certificate to renew. */
import type { Application, ApplicationForm, Offer } from '../../generated/rpc';
import type { Locale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';

/** What is chosen and filled in beside the text. */
export type Chosen = Omit<Application, 'text'>;

export type Choice = {
  id: string;
  name: string;
  /** What is asked before it is sent: it repeats what it is about. */
  question: string;
  offer: Offer;
  renews: string | null;
};

export const NOTHING: Chosen = { service: null, scheme: '', renews: null, identity_number: '' };

export function choicesOf(form: ApplicationForm, locale: Locale): Choice[] {
  const services = new Set(form.offers.map(({ service }) => service));
  return form.offers.flatMap((offer) => {
    const own = offer.name[locale];
    const name = services.size > 1 ? `${own}, ${offer.service_name[locale]}` : own;
    const id = `${offer.service} ${offer.scheme}`;
    return [
      { id, name, question: m.apply_ask_title({ name }), offer, renews: null },
      ...offer.certificates.map((certificate) => ({
        id: `${id} ${certificate.case}`,
        name: m.apply_renewal_of({ name, number: certificate.number }),
        question: m.apply_ask_renewal_title({ name, number: certificate.number }),
        offer,
        renews: certificate.case,
      })),
    ];
  });
}

/** The choice that was made, as long as it is there. */
export function choiceOf(choices: readonly Choice[], chosen: Chosen): Choice | undefined {
  return choices.find(
    ({ offer, renews }) =>
      offer.service === chosen.service &&
      offer.scheme === chosen.scheme &&
      renews === chosen.renews,
  );
}

/** The draft keeps what is chosen beside its text, in one word. */
export function packed(chosen: Chosen): string {
  return JSON.stringify(chosen);
}

export function unpacked(type: string): Chosen {
  return type === '' ? NOTHING : { ...NOTHING, ...(JSON.parse(type) as Chosen) };
}
