/** The reason for a document's refusal while it is written: its name in the window, and how it is kept. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { SaveContent } from '../../shared/drafts/drafts';
import { usePlatform } from '../../shared/rpc/platform-context';
import { keepInCache } from '../../shared/rpc/queries';

export function refusalKey(documentId: string): string {
  return `refusal/${documentId}`;
}

/** Keeps the reason on this computer; an empty one is none. */
export function useSaveRefusal(caseId: string, documentId: string): SaveContent {
  const platform = usePlatform();
  const client = useQueryClient();
  return useCallback(
    async ({ text }) => {
      await platform.call('documents.refusal_save', { document: documentId, reason: text });
      await keepInCache(client, 'documents.list', { case: caseId }, (list) => ({
        ...list,
        rows: list.rows.map((row) => ({
          ...row,
          documents: row.documents.map((each) =>
            each.id === documentId ? { ...each, refusal_draft: text } : each,
          ),
        })),
      }));
    },
    [platform, client, caseId, documentId],
  );
}
