/** The reason for a document's refusal while it is written: its name in the window, and how it is kept. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { SaveContent } from '../../shared/drafts/drafts';
import { usePlatform } from '../../shared/rpc/platform-context';
import { keepInCache } from '../../shared/rpc/queries';

export function refusalKey(id: string): string {
  return `refusal/${id}`;
}

/** Keeps the reason for refusing a document, or a reason for lacking one; an empty one is none. */
export function useSaveRefusal(caseId: string, id: string): SaveContent {
  const platform = usePlatform();
  const client = useQueryClient();
  return useCallback(
    async ({ text }) => {
      await platform.call('documents.refusal_save', { document: id, reason: text });
      await keepInCache(client, 'documents.list', { case: caseId }, (list) => ({
        ...list,
        rows: list.rows.map((row) => ({
          ...row,
          documents: row.documents.map((each) =>
            each.id === id ? { ...each, refusal_draft: text } : each,
          ),
          explanations: row.explanations.map((each) =>
            each.id === id ? { ...each, refusal_draft: text } : each,
          ),
        })),
      }));
    },
    [platform, client, caseId, id],
  );
}
