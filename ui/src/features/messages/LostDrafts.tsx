import type { MessageList } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { useDraft, useDrafts } from '../../shared/drafts/drafts-context';
import styles from './Conversations.module.css';
import { DraftRow } from './DraftRow';
import { contentOf, draftAt, keyOf, lostThreads, openedThreads } from './places';

type LostDraftsProps = {
  caseId: string;
  list: MessageList;
  onOpen: (thread: string) => void;
  /** A row goes away; the focus has to go somewhere. */
  onDiscarded: () => void;
};

/** Texts for conversations that are not there. What they say is still somebody's work. */
export function LostDrafts({ caseId, list, ...acts }: LostDraftsProps) {
  const drafts = useDrafts();
  return lostThreads(list, openedThreads(drafts.opened(), caseId)).map((thread) => (
    <LostDraft key={thread} caseId={caseId} thread={thread} list={list} {...acts} />
  ));
}

function LostDraft({
  caseId,
  thread,
  list,
  onOpen,
  onDiscarded,
}: LostDraftsProps & { thread: string }) {
  const place = { case: caseId, thread };
  const stored = draftAt(list, thread);
  // Its field went away with the conversation: what stood there may not have been saved.
  const { text, type } = useDraft(keyOf(place), contentOf(stored, ''));
  if (text === '') {
    return null;
  }
  return (
    <div className={styles.lost} data-testid="lost-draft">
      <DraftRow
        place={place}
        draft={{ thread, message_type: type, text, saved_at: stored?.saved_at ?? null }}
        title={m.draft_lost()}
        hint={m.draft_lost_hint()}
        onOpen={() => onOpen(thread)}
        onDiscarded={onDiscarded}
      />
    </div>
  );
}
