/** What can become of the text of one place: sent, thrown away, put back as it was, made a document. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DraftPlace, DraftVersion, PickedFile } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { type Params, type Result, type RpcFault, toFault } from '../../platform';
import { useToast } from '../../shared/components/Toasts';
import type { Content } from '../../shared/drafts/drafts';
import { useDrafts } from '../../shared/drafts/drafts-context';
import { faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { queryKey } from '../../shared/rpc/queries';
import { below, contentOf, draftAt, keepDraftInCache, keyOf, saveDraft } from './places';

type Ending = 'messages.send' | 'messages.draft_discard' | 'documents.add_text';
type Ended<M extends Ending> = { answer: Result<M> } | { fault: RpcFault };

export function useComposerActs(place: DraftPlace) {
  const platform = usePlatform();
  const client = useQueryClient();
  const drafts = useDrafts();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const key = keyOf(place);

  function save({ text, type }: Content): Promise<void> {
    return saveDraft(platform, client, { ...place, message_type: type, text });
  }

  /** All ways a text ends: no save may come after it, and no old answer may bring it back. */
  async function end<M extends Ending>(
    method: M,
    params: Params<M>,
    content: Content,
    took: (answer: Result<M>) => boolean = () => true,
  ): Promise<Ended<M>> {
    setBusy(true);
    setFault(null);
    try {
      // What is thrown away is kept in the history, whole; what is sent carries its text itself.
      if (method === 'messages.draft_discard') {
        await drafts.flush(key);
      }
      await drafts.settle(key);
      const answer = await platform.call(method, params);
      if (took(answer)) {
        drafts.done(key, content.text);
        await keepDraftInCache(client, place, null);
        void client.invalidateQueries({
          queryKey: queryKey('messages.list', { case: place.case }),
        });
      } else {
        drafts.write(key, content, save);
      }
      return { answer };
    } catch (thrown) {
      // The text stays where it is, and is saved again in case that was stopped above.
      drafts.write(key, content, save);
      return { fault: toFault(thrown) };
    } finally {
      setBusy(false);
    }
  }

  /** Something else may have been written or put back there since. */
  async function putBack(content: Content): Promise<void> {
    try {
      await drafts.flush(key);
      const list = await platform.call('messages.list', { case: place.case });
      const now = drafts.get(key) ?? contentOf(draftAt(list, place.thread), '');
      drafts.write(key, below(now, content), save);
      drafts.setOpened(key, true);
    } catch (thrown) {
      const undone = toFault(thrown);
      toast({ text: () => faultText(undone) });
    }
  }

  return {
    busy,
    fault,
    forgetFault: () => setFault(null),
    save,
    async send(content: Content): Promise<boolean> {
      const ended = await end(
        'messages.send',
        { ...place, message_type: content.type, text: content.text },
        content,
      );
      setFault('fault' in ended ? ended.fault : null);
      return !('fault' in ended);
    },
    async discard(content: Content): Promise<boolean> {
      const ended = await end('messages.draft_discard', place, content);
      toast(
        'fault' in ended
          ? { text: () => faultText(ended.fault) }
          : {
              text: () => m.discard_done(),
              onUndo: () => void putBack(content),
            },
      );
      return !('fault' in ended);
    },
    /** The core may refuse the text as a document; then it stays a draft. */
    makeDocument(row: string, name: string, content: Content) {
      return end(
        'documents.add_text',
        { ...place, row, name, text: content.text },
        content,
        (picked: PickedFile) => picked.refused === null,
      );
    },
    /** Brings an earlier text back; what stands there now joins the earlier ones. */
    async restore({ version, text }: DraftVersion, type: string): Promise<boolean> {
      try {
        // Only what the core has joins the earlier ones: a text that could not be saved stays.
        await drafts.flush(key);
        const unsaved = drafts.get(key)?.fault ?? null;
        if (unsaved !== null) {
          throw unsaved;
        }
        await platform.call('messages.draft_restore', { ...place, version });
        drafts.replaced(key, { text, type });
        await keepDraftInCache(client, place, {
          thread: place.thread,
          message_type: type,
          text,
          saved_at: new Date().toISOString(),
        });
        return true;
      } catch (thrown) {
        setFault(toFault(thrown));
        return false;
      }
    },
  };
}
