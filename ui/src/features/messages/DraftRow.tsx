import { PencilLine } from 'lucide-react';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Chip } from '../../shared/components/Chip';
import styles from './Composer.module.css';

type DraftRowProps = {
  text: string;
  savedAt: string;
  /** What it would become: "Nytt meddelande", or an answer to somebody. */
  title: string;
  onOpen: () => void;
};

/** A text that waits to be written on, in the place where it belongs. */
export function DraftRow({ text, savedAt, title, onOpen }: DraftRowProps) {
  const { locale } = useLocale();
  return (
    <div className={styles.draft} data-testid="draft">
      <div className={styles.draftHead}>
        <Chip tone="none" icon={PencilLine}>
          {m.draft_chip()}
        </Chip>
        <span className={styles.draftTitle}>{title}</span>
        <time dateTime={savedAt} className={styles.draftTime}>
          {dateAndTime(savedAt, locale)}
        </time>
      </div>
      <p className={styles.draftText}>{text}</p>
      <Button
        size="small"
        className={styles.draftOpen}
        aria-label={m.draft_continue_label({ title })}
        onPress={onOpen}
        data-testid="open-draft"
      >
        {m.draft_continue()}
      </Button>
    </div>
  );
}
