import { Download, ExternalLink, Eye } from 'lucide-react';
import type { DocumentView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { useToast } from '../../shared/components/Toasts';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Card.module.css';
import { useMemory } from './documents-context';
import { useOpen } from './use-open';

type DocumentHandlesProps = {
  document: Pick<DocumentView, 'id' | 'name' | 'here' | 'fetching'>;
  /** In a table: icons alone, and what is not here is said by the table. */
  isCompact?: boolean;
  /** Its case, where it can be read beside it; not where it is read already. */
  caseId?: string;
};

/** Reading the file: outside the program, or as a copy. */
export function DocumentHandles({ document, isCompact = false, caseId }: DocumentHandlesProps) {
  const memory = useMemory();
  const toast = useToast();
  const opening = useOpen(document);
  const save = useWrite('documents.save');
  const fault = opening.fault ?? save.error;

  function saveCopy(): void {
    save.mutate(
      { document: document.id },
      {
        onSuccess: ({ saved }) => {
          if (saved) {
            toast({ text: () => m.document_saved({ name: document.name }) });
          }
        },
      },
    );
  }

  return (
    <>
      <div className={styles.actions}>
        {caseId !== undefined && (
          <Button
            size={isCompact ? 'icon' : 'small'}
            aria-label={m.document_look_label({ name: document.name })}
            aria-expanded={memory.looking?.document === document.id}
            onPress={() =>
              memory.look({ case: caseId, document: document.id, name: document.name })
            }
            data-look={document.id}
            data-testid="look-at-document"
          >
            <Eye size={14} aria-hidden />
            {!isCompact && m.document_look()}
          </Button>
        )}
        <Button
          size={isCompact ? 'icon' : 'small'}
          isPending={opening.isPending}
          aria-label={m.document_open_label({ name: document.name })}
          onPress={opening.open}
          data-testid="open-document"
        >
          <ExternalLink size={14} aria-hidden />
          {!isCompact && m.document_open()}
        </Button>
        <Button
          size={isCompact ? 'icon' : 'small'}
          isPending={save.isPending}
          aria-label={m.document_save_label({ name: document.name })}
          onPress={saveCopy}
          data-testid="save-document"
        >
          <Download size={14} aria-hidden />
          {!isCompact && m.document_save()}
        </Button>
        {!isCompact && !document.here && document.fetching === null && (
          <span className={styles.meta}>{m.document_not_here()}</span>
        )}
      </div>
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
      {opening.dialog}
    </>
  );
}
