/** What has happened in a case, in words. */
import type { Locale } from '../i18n/locale';
import { m } from '../i18n/paraglide/messages.js';

/** The list is open: a newer server may tell of what this window has no words for. */
export function happeningText(
  happening: string,
  params: Record<string, unknown> | null,
  locale: Locale,
): string {
  const said = (name: string) => String(params?.[name] ?? '');
  const part = String(
    (params?.part as Record<Locale, string> | undefined)?.[locale] ?? said('part'),
  );
  switch (happening) {
    case 'opened':
      return m.event_opened();
    case 'assigned':
      return m.event_assigned({ officer: said('officer') });
    case 'unassigned':
      return m.event_unassigned();
    case 'exam_recorded':
      return params?.passed === true
        ? m.event_exam_passed({ part })
        : m.event_exam_failed({ part });
    case 'granted':
      return m.event_granted({ number: said('number') });
    case 'refused':
      return m.event_refused();
    case 'withdrawn':
      return m.event_withdrawn();
    case 'proofs_set':
      return m.event_proofs({ card: yesOrNo(params?.card), published: yesOrNo(params?.published) });
    default:
      return m.event_other({ code: happening });
  }
}

function yesOrNo(is: unknown): string {
  return is === true ? m.yes() : m.no();
}
