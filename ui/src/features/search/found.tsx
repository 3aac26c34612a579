/** How a hit is shown, wherever it is. */
import {
  Award,
  FileStack,
  FileText,
  FileType,
  FolderOpen,
  type LucideIcon,
  Mail,
  Mailbox,
  NotebookPen,
  PencilLine,
  Send,
  UserPen,
  UserRound,
} from 'lucide-react';
import type { FoundKind, FoundView, TextPart } from '../../generated/rpc';
import { shortDate } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import styles from './Search.module.css';

export const FOUND: Record<FoundKind, { name: () => string; icon: LucideIcon }> = {
  case: { name: () => m.search_kind_case(), icon: FolderOpen },
  person: { name: () => m.search_kind_person(), icon: UserRound },
  certificate: { name: () => m.search_kind_certificate(), icon: Award },
  row: { name: () => m.search_kind_row(), icon: FileStack },
  document: { name: () => m.search_kind_document(), icon: FileText },
  message: { name: () => m.search_kind_message(), icon: Mail },
  proposal: { name: () => m.search_kind_proposal(), icon: UserPen },
  letter: { name: () => m.search_kind_letter(), icon: Mailbox },
  note: { name: () => m.notes_title(), icon: NotebookPen },
  template: { name: () => m.templates_title(), icon: FileType },
  draft: { name: () => m.search_kind_draft(), icon: PencilLine },
  outbox: { name: () => m.search_kind_outbox(), icon: Send },
};

/** What was found: its name, some of its text with the hits marked, and which case it is in. */
export function FoundText({ kind, hit }: { kind: FoundKind; hit: FoundView }) {
  const { locale } = useLocale();
  const where =
    hit.case === null || kind === 'case'
      ? []
      : [hit.case.title, hit.case.number, hit.case.holder].filter((each) => each !== null);
  const when = hit.at === null ? null : shortDate(hit.at, locale, new Date());
  return (
    <span className={styles.found}>
      <span className={styles.name}>
        {hit.title.length > 0 ? <Parts parts={hit.title} /> : nameOf(kind)}
      </span>
      {hit.excerpt.length > 0 && (
        <span className={styles.excerpt}>
          <Parts parts={hit.excerpt} />
        </span>
      )}
      {(where.length > 0 || when !== null) && (
        <span className={styles.where}>
          {[...where, when].filter((each) => each !== null).join(' · ')}
        </span>
      )}
    </span>
  );
}

function nameOf(kind: FoundKind): string {
  switch (kind) {
    case 'proposal':
      return m.search_proposal();
    case 'draft':
      return m.search_draft();
    case 'outbox':
      return m.search_outbox();
    default:
      return FOUND[kind].name();
  }
}

function Parts({ parts }: { parts: readonly TextPart[] }) {
  let at = 0;
  return parts.map((part) => {
    at += part.text.length;
    return part.hit ? <mark key={at}>{part.text}</mark> : <span key={at}>{part.text}</span>;
  });
}
