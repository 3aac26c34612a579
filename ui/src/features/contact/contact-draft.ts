/** What is typed over the details: its name in the window, how it is kept, and how it is read. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { SaveContent } from '../../shared/drafts/drafts';
import { usePlatform } from '../../shared/rpc/platform-context';
import { keepInCache } from '../../shared/rpc/queries';
import { type Field, isField } from './fields';

export function formKey(caseId: string): string {
  return `contact/${caseId}`;
}

export function reasonKey(caseId: string): string {
  return `contact-refusal/${caseId}`;
}

export type Typed = Partial<Record<Field, string>>;

/** What was typed over some of the details; what is no such text is nothing. */
export function typedIn(draft: string): Typed {
  let read: unknown = null;
  try {
    read = JSON.parse(draft);
  } catch {
    // an empty draft, or one that this version did not write
  }
  const entries = Object.entries(typeof read === 'object' && read !== null ? read : {});
  return Object.fromEntries(
    entries.filter(([name, text]) => isField(name) && typeof text === 'string'),
  );
}

/** The draft of what was typed; empty if nothing was. */
export function draftOf(typed: Typed): string {
  return Object.keys(typed).length === 0 ? '' : JSON.stringify(typed);
}

export function useSaveForm(caseId: string): SaveContent {
  const platform = usePlatform();
  const client = useQueryClient();
  return useCallback(
    async ({ text }) => {
      await platform.call('contact.draft_save', { case: caseId, text });
      await keepInCache(client, 'contact.show', { case: caseId }, (known) =>
        known === null ? null : { ...known, draft: text },
      );
    },
    [platform, client, caseId],
  );
}

export function useSaveReason(caseId: string): SaveContent {
  const platform = usePlatform();
  const client = useQueryClient();
  return useCallback(
    async ({ text }) => {
      await platform.call('contact.refusal_save', { case: caseId, reason: text });
      await keepInCache(client, 'contact.show', { case: caseId }, (known) =>
        known === null ? null : { ...known, refusal_draft: text },
      );
    },
    [platform, client, caseId],
  );
}
