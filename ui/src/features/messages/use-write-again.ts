/** A message that was refused is put back as a text being written, where it belongs. */
import { useQueryClient } from '@tanstack/react-query';
import type { DraftPlace, MessageView, ThreadView } from '../../generated/rpc';
import { toFault } from '../../platform';
import { useToast } from '../../shared/components/Toasts';
import { useDrafts } from '../../shared/drafts/drafts-context';
import { faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { draftAt, keepDraftInCache, keyOf } from './places';

/**
 * Calls `onBack` with the place where the text then stands, below what is being written there, and
 * with whether its conversation is still there: it is not if this was its only message.
 */
export function useWriteAgain(
  caseId: string,
  onBack: (place: DraftPlace, isThere: boolean) => void,
): (thread: ThreadView, message: MessageView) => Promise<void> {
  const platform = usePlatform();
  const client = useQueryClient();
  const drafts = useDrafts();
  const toast = useToast();
  return async (thread, { id, command }) => {
    const place = { case: caseId, thread: thread.id === id ? null : thread.id };
    const key = keyOf(place);
    try {
      // The core puts the text below what it has there: it must have all that stands in the field.
      await drafts.flush(key);
      const fault = drafts.get(key)?.fault ?? null;
      if (fault !== null) {
        throw fault;
      }
      await platform.call('outbox.write_again', { command: command ?? '' });
      const list = await platform.call('messages.list', { case: caseId });
      const draft = draftAt(list, place.thread);
      await keepDraftInCache(client, place, draft ?? null);
      drafts.replaced(key, { text: draft?.text ?? '', type: draft?.message_type ?? '' });
      onBack(place, place.thread === null || list.threads.some((each) => each.id === thread.id));
    } catch (thrown) {
      const fault = toFault(thrown);
      toast({ text: () => faultText(fault) });
    }
  };
}
