import { PencilLine, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { DraftPlace, DraftView } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Chip } from '../../shared/components/Chip';
import styles from './Composer.module.css';
import { DiscardDialog } from './DiscardDialog';
import { contentOf } from './places';
import { useComposerActs } from './use-composer-acts';

type DraftRowProps = {
  place: DraftPlace;
  /** With no time if it has never been saved. */
  draft: Omit<DraftView, 'saved_at'> & { saved_at: string | null };
  /** What it would become: "Nytt meddelande", or an answer to somebody. */
  title: string;
  /** What is special about it, and what follows from that. */
  hint?: string;
  onOpen: () => void;
  /** The row goes away; the focus has to go somewhere. */
  onDiscarded: () => void;
};

/** A text that waits to be written on, in the place where it belongs. */
export function DraftRow({ place, draft, title, hint, onOpen, onDiscarded }: DraftRowProps) {
  const { locale } = useLocale();
  const [asking, setAsking] = useState(false);
  const acts = useComposerActs(place);
  return (
    <div className={styles.draft} data-testid="draft">
      <div className={styles.draftHead}>
        <Chip tone="none" icon={PencilLine}>
          {m.draft_chip()}
        </Chip>
        <span className={styles.draftTitle}>{title}</span>
        {draft.saved_at !== null && (
          <time dateTime={draft.saved_at} className={styles.draftTime}>
            {dateAndTime(draft.saved_at, locale)}
          </time>
        )}
      </div>
      {hint !== undefined && <p className={styles.draftHint}>{hint}</p>}
      <p className={styles.draftText}>{draft.text}</p>
      <div className={styles.draftActs}>
        <Button
          size="small"
          aria-label={m.draft_continue_label({ title })}
          onPress={onOpen}
          data-testid="open-draft"
        >
          {m.draft_continue()}
        </Button>
        <Button
          look="quiet"
          size="small"
          aria-label={m.draft_discard_label({ title })}
          onPress={() => setAsking(true)}
          data-testid="discard-draft"
        >
          <Trash2 size={14} aria-hidden />
          {m.draft_discard()}
        </Button>
      </div>
      <DiscardDialog
        isOpen={asking}
        backLabel={m.discard_keep()}
        onBack={() => setAsking(false)}
        onDiscard={async () => {
          setAsking(false);
          if (await acts.discard(contentOf(draft, ''))) {
            onDiscarded();
          }
        }}
      />
    </div>
  );
}
