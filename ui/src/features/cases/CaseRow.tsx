import { Clock, FileCheck, Mail, Paperclip, PencilLine, RotateCcw } from 'lucide-react';
import type { CaseView } from '../../generated/rpc';
import { shortDate } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Chip } from '../../shared/components/Chip';
import { stageOf } from '../../shared/stage';
import type { RowPlace } from '../../shared/windowed/Windowed';
import styles from './CaseList.module.css';

type CaseRowProps = {
  item: CaseView;
  place: RowPlace;
  isSelected: boolean;
  /** Whether Tab reaches it. */
  isStop: boolean;
  onPress: () => void;
};

/** A case in the list: what it is, who is in it, and what wants attention. */
export function CaseRow({ item, place, isSelected, isStop, onPress }: CaseRowProps) {
  const { locale } = useLocale();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
    <div
      role="option"
      className={styles.case}
      aria-selected={isSelected}
      tabIndex={isStop ? 0 : -1}
      onClick={onPress}
      data-testid="case"
      {...place}
    >
      <div className={styles.title}>{item.title}</div>
      <div className={styles.meta}>
        <span>{item.number}</span>
        <span>
          {item.last_message_at === null
            ? m.case_no_messages()
            : shortDate(item.last_message_at, locale, new Date())}
        </span>
      </div>
      <div className={styles.meta}>
        <span>
          {item.mine_to_handle ? item.holder : (item.officer ?? m.panel_officer_none_short())}
        </span>
        {item.stage === 'application' && item.documents_needed > 0 && (
          <span>{documentsText(item)}</span>
        )}
      </div>
      <CaseNews item={item} />
    </div>
  );
}

/** How many of the needed documents have been sent in. */
function documentsText(item: CaseView): string {
  const count = item.documents_accepted + item.documents_submitted;
  return m.case_documents({ count, total: item.documents_needed });
}

/** What wants attention; nothing where nothing does. */
function CaseNews({ item }: { item: CaseView }) {
  const toHandle = item.mine_to_handle ? item.documents_to_handle : 0;
  const refused = item.mine_to_handle ? 0 : item.documents_refused;
  const contact = item.mine_to_handle ? item.contact_to_handle : 0;
  const stage = stageOf(item);
  const decided = item.stage !== 'application';
  const wanted =
    Number(decided) +
    item.unread +
    item.waiting +
    toHandle +
    contact +
    refused +
    item.drafts +
    item.unsent_files;
  if (wanted === 0) {
    return null;
  }
  return (
    <div className={styles.news}>
      {decided && (
        <Chip tone={stage.tone} icon={stage.icon}>
          {stage.text}
        </Chip>
      )}
      {item.unread > 0 && (
        <Chip tone="info" icon={Mail}>
          {m.case_unread({ count: item.unread })}
        </Chip>
      )}
      {refused > 0 && (
        <Chip tone="bad" icon={RotateCcw}>
          {m.case_refused({ count: refused })}
        </Chip>
      )}
      {toHandle > 0 && (
        <Chip tone="info" icon={FileCheck}>
          {m.case_to_handle({ count: toHandle })}
        </Chip>
      )}
      {contact > 0 && (
        <Chip tone="info" icon={FileCheck}>
          {m.case_contact_to_handle()}
        </Chip>
      )}
      {item.drafts > 0 && (
        <Chip tone="none" icon={PencilLine}>
          {m.case_drafts({ count: item.drafts })}
        </Chip>
      )}
      {item.unsent_files > 0 && (
        <Chip tone="none" icon={Paperclip}>
          {m.picked_unsent()}
        </Chip>
      )}
      {item.waiting > 0 && (
        <Chip tone="warn" icon={Clock}>
          {m.case_waiting({ count: item.waiting })}
        </Chip>
      )}
    </div>
  );
}
