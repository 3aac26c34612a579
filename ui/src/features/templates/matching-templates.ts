import type { TemplateView } from '../../generated/rpc';
import { folded } from '../../shared/folded';

/** The templates in whose title or text every word stands that is looked for. */
export function matchingTemplates(
  templates: readonly TemplateView[],
  query: string,
): TemplateView[] {
  const words = folded(query).split(/\s+/).filter(Boolean);
  return templates.filter(({ title, text }) => {
    const within = folded(`${title} ${text}`);
    return words.every((word) => within.includes(word));
  });
}
