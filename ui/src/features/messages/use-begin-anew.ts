/** A text for a conversation that is not there becomes a new message, below what is being written there. */
import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { DraftPlace } from '../../generated/rpc';
import { toFault } from '../../platform';
import { useToast } from '../../shared/components/Toasts';
import type { Content } from '../../shared/drafts/drafts';
import { useDrafts } from '../../shared/drafts/drafts-context';
import { faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { below, contentOf, draftAt, keepDraftInCache, keyOf, saveDraft } from './places';

/** Calls `onMoved` with the place of new messages, where the text then stands. */
export function useBeginAnew(
  caseId: string,
  onMoved: (place: DraftPlace) => void,
): (thread: string) => Promise<void> {
  const platform = usePlatform();
  const client = useQueryClient();
  const drafts = useDrafts();
  const toast = useToast();
  const busy = useRef(false);
  const fresh = { case: caseId, thread: null };
  const key = keyOf(fresh);

  function save({ text, type }: Content): Promise<void> {
    return saveDraft(platform, client, { ...fresh, message_type: type, text });
  }

  /** What is written at a place is saved, so that the core's list has it; else nothing is moved. */
  async function saved(placeKey: string): Promise<void> {
    await drafts.flush(placeKey);
    const fault = drafts.get(placeKey)?.fault ?? null;
    if (fault !== null) {
      throw fault;
    }
  }

  async function move(thread: string): Promise<void> {
    const lost = { case: caseId, thread };
    await saved(key);
    await saved(keyOf(lost));
    const list = await platform.call('messages.list', { case: caseId });
    const text = contentOf(draftAt(list, thread), '');
    const before = contentOf(draftAt(list, null), text.type);
    const both = below(before, text);
    await save(both);
    const written = drafts.get(key);
    if (written === null || written.text === before.text) {
      drafts.replaced(key, both);
    } else {
      // More was written in the field meanwhile.
      drafts.write(key, below(written, text), save);
      await saved(key);
    }
    // Only now is there another copy of it.
    await platform.call('messages.draft_discard', lost);
    drafts.done(keyOf(lost), text.text);
    drafts.setOpened(keyOf(lost), false);
    await keepDraftInCache(client, lost, null);
    onMoved(fresh);
  }

  return async (thread) => {
    // The second press of a double one would put the text there twice.
    if (busy.current) {
      return;
    }
    busy.current = true;
    try {
      await move(thread);
    } catch (thrown) {
      const fault = toFault(thrown);
      toast({ text: () => faultText(fault) });
    } finally {
      busy.current = false;
    }
  };
}
