/** A body's templates, for the core in memory. */
import type { TemplateList, TemplateText } from '../generated/rpc';

export const NO_TEMPLATES: TemplateList = {
  templates: [],
  bodies: [{ id: 'body-1', name: null, draft: null }],
  max_title: 100,
  max_text: 4_000,
};

/** With the new template that is being written for a body. */
export function drafted(
  list: TemplateList,
  body: string,
  draft: TemplateText | null,
): TemplateList {
  const bodies = list.bodies.map((each) => (each.id === body ? { ...each, draft } : each));
  return { ...list, bodies };
}
