/** A message that was refused is put back as a text being written, where it belongs. */
import { useQueryClient } from '@tanstack/react-query';
import type { DraftPlace, MessageList, MessageView, ThreadView } from '../../generated/rpc';
import type { Content } from '../../shared/drafts/drafts';
import { useDrafts } from '../../shared/drafts/drafts-context';
import { usePlatform } from '../../shared/rpc/platform-context';
import { draftAt, keyOf, saveDraft } from './places';

/** Gives the place where the text now stands, below what is being written there. */
export function useWriteAgain(
  caseId: string,
  list: MessageList,
): (thread: ThreadView, message: MessageView) => DraftPlace {
  const platform = usePlatform();
  const client = useQueryClient();
  const drafts = useDrafts();
  return (thread, message) => {
    const place = { case: caseId, thread: thread.id === message.id ? null : thread.id };
    const key = keyOf(place);
    const written = drafts.get(key)?.text ?? draftAt(list, place.thread)?.text ?? '';
    const text = written === '' ? message.text : `${written}\n\n${message.text}`;
    if (!written.includes(message.text)) {
      drafts.write(key, { text, type: thread.message_type }, (content: Content) =>
        saveDraft(platform, client, {
          ...place,
          message_type: content.type,
          text: content.text,
        }),
      );
    }
    return place;
  };
}
