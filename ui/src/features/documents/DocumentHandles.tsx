import { Download, ExternalLink } from 'lucide-react';
import type { DocumentView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { useToast } from '../../shared/components/Toasts';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Card.module.css';
import { useOpen } from './use-open';

type DocumentHandlesProps = {
  document: Pick<DocumentView, 'id' | 'name' | 'here' | 'fetching'>;
  /** In a table: icons alone, and what is not here is said by the table. */
  isCompact?: boolean;
};

/** Reading the file: outside the program, or as a copy. */
export function DocumentHandles({ document, isCompact = false }: DocumentHandlesProps) {
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
