/** The reason for lacking a document while it is written: its name in the window, and how it is kept. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { SaveContent } from '../../shared/drafts/drafts';
import { usePlatform } from '../../shared/rpc/platform-context';
import { keepInCache } from '../../shared/rpc/queries';

export function explanationKey(rowId: string): string {
  return `absence/${rowId}`;
}

/** Keeps the reason, and which kind it is of, on this computer. */
export function useSaveExplanation(caseId: string, rowId: string): SaveContent {
  const platform = usePlatform();
  const client = useQueryClient();
  return useCallback(
    async ({ text, type }) => {
      const draft = { absence: type, reason: text };
      await platform.call('documents.explain_save', { case: caseId, row: rowId, ...draft });
      await keepInCache(client, 'documents.list', { case: caseId }, (list) => ({
        ...list,
        rows: list.rows.map((row) =>
          row.id === rowId ? { ...row, explanation_draft: draft } : row,
        ),
      }));
    },
    [platform, client, caseId, rowId],
  );
}
