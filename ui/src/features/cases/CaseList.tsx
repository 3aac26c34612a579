import { Clock, FileCheck, Mail } from 'lucide-react';
import type { Ref } from 'react';
import { GridList, GridListItem } from 'react-aria-components';
import type { CaseView } from '../../generated/rpc';
import { shortDate } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Chip } from '../../shared/components/Chip';
import { useNarrow } from '../../shared/use-narrow';
import styles from './CaseList.module.css';

type CaseListProps = {
  cases: CaseView[];
  selected: string | null;
  onSelect: (caseId: string) => void;
  labelledBy: string;
  ref?: Ref<HTMLDivElement>;
};

/** The person's cases; arrows move, and in a wide window the detail follows. */
export function CaseList({ cases, selected, onSelect, labelledBy, ref }: CaseListProps) {
  const { locale } = useLocale();
  const narrow = useNarrow();
  return (
    <GridList
      {...(ref === undefined ? {} : { ref })}
      className={styles.list ?? ''}
      aria-labelledby={labelledBy}
      items={cases}
      // The rows are cached by item; they show words, so a new language must render them again.
      dependencies={[locale]}
      selectionMode="single"
      // In one column the detail replaces the list, so only a press or Enter may choose.
      selectionBehavior={narrow ? 'toggle' : 'replace'}
      disallowEmptySelection
      selectedKeys={selected === null ? [] : [selected]}
      onSelectionChange={(keys) => {
        const [first] = keys === 'all' ? [] : [...keys];
        if (first !== undefined) {
          onSelect(String(first));
        }
      }}
    >
      {(item) => (
        <GridListItem
          id={item.id}
          textValue={item.title}
          className={styles.case ?? ''}
          data-testid="case"
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
            <span>{item.mine_to_handle ? item.holder : item.officer}</span>
            {item.documents_needed > 0 && <span>{documentsText(item)}</span>}
          </div>
          <CaseNews item={item} />
        </GridListItem>
      )}
    </GridList>
  );
}

/** How many of the needed documents have been sent in. */
function documentsText(item: CaseView): string {
  const count = item.documents_accepted + item.documents_submitted;
  return m.case_documents({ count, total: item.documents_needed });
}

/** What wants attention; nothing where nothing does. */
function CaseNews({ item }: { item: CaseView }) {
  const toHandle = item.mine_to_handle ? item.documents_submitted : 0;
  if (item.unread === 0 && item.waiting === 0 && toHandle === 0) {
    return null;
  }
  return (
    <div className={styles.news}>
      {item.unread > 0 && (
        <Chip tone="info" icon={Mail}>
          {m.case_unread({ count: item.unread })}
        </Chip>
      )}
      {toHandle > 0 && (
        <Chip tone="info" icon={FileCheck}>
          {m.case_to_handle({ count: toHandle })}
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
