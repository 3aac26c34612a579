/** Where a text can be written in a case: as an answer in a conversation, or as the first of a new one. */
import type { QueryClient } from '@tanstack/react-query';
import type { DraftPlace, DraftView, MessageList, Words, Written } from '../../generated/rpc';
import type { Locale } from '../../i18n/locale';
import type { Platform } from '../../platform';
import type { Content } from '../../shared/drafts/drafts';
import { keepInCache } from '../../shared/rpc/queries';

const NEW = 'new';

/** The name under which the window keeps the text of this place while it is written. */
export function keyOf(place: DraftPlace): string {
  return `message/${place.case}/${place.thread ?? NEW}`;
}

/** The conversations of a case in which a field is open. */
export function openedThreads(openedKeys: Iterable<string>, caseId: string): string[] {
  const prefix = keyOf({ case: caseId, thread: '' });
  return [...openedKeys]
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}

export function draftAt(list: MessageList, thread: string | null): DraftView | undefined {
  return list.drafts.find((draft) => draft.thread === thread);
}

/**
 * The conversations that something is being written to and that are not there: their first message
 * was taken back or refused, or the server has lost it. What is sent there would be refused.
 */
export function lostThreads(list: MessageList, opened: readonly string[]): string[] {
  const there = new Set(list.threads.map(({ id }) => id));
  const written = list.drafts.flatMap(({ thread }) => (thread === null ? [] : [thread]));
  return [...new Set([...written, ...opened])].filter(
    (thread) => thread !== NEW && !there.has(thread),
  );
}

/** The text that the core holds for a place, with the type it has or will have. */
export function contentOf(
  draft: Pick<DraftView, 'text' | 'message_type'> | undefined,
  usualType: string,
): Content {
  const type = draft?.message_type ?? '';
  return { text: draft?.text ?? '', type: type === '' ? usualType : type };
}

/** A text put back where something may have been written since: nothing there is lost. */
export function below(before: Content, { text, type }: Content): Content {
  const parts = [before.text, text].filter((part) => part.trim() !== '');
  return {
    text: parts.join('\n\n'),
    type: before.text.trim() === '' && type !== '' ? type : before.type,
  };
}

/** What people call a message type; its code if the service's settings do not name it. */
export function typeName(list: MessageList, code: string, locale: Locale): string {
  const name: Words | undefined = list.message_types.find((type) => type.code === code)?.name;
  return name?.[locale] ?? code;
}

/** Keeps a text on this computer. */
export async function saveDraft(
  platform: Platform,
  client: QueryClient,
  written: Written,
): Promise<void> {
  await platform.call('messages.draft_save', written);
  await keepDraftInCache(client, written, {
    thread: written.thread,
    message_type: written.message_type,
    text: written.text,
    saved_at: new Date().toISOString(),
  });
}

/** An empty text, or none, is no draft. */
export function keepDraftInCache(
  client: QueryClient,
  place: DraftPlace,
  draft: DraftView | null,
): Promise<void> {
  return keepInCache(client, 'messages.list', { case: place.case }, (list) => {
    const others = list.drafts.filter((each) => each.thread !== place.thread);
    return { ...list, drafts: draft === null || draft.text === '' ? others : [...others, draft] };
  });
}
