import { useState } from 'react';
import type { PickedFile, RowView } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import type { RpcFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { FaultView } from '../../shared/components/FaultView';
import { LineField } from '../../shared/components/LineField';
import { Loading } from '../../shared/components/Loading';
import { Notice } from '../../shared/components/Notice';
import { SelectField } from '../../shared/components/SelectField';
import { faultText } from '../../shared/errors/faults';
import { rejectionText } from '../../shared/errors/rejections';
import { useRead } from '../../shared/rpc/queries';

/** A text has become a file of this row, not sent. */
export type OnMadeDocument = (row: string, file: string) => void;

type MakeDocumentDialogProps = {
  caseId: string;
  onClose: () => void;
  make: (row: string, name: string) => Promise<{ answer: PickedFile } | { fault: RpcFault }>;
  onMade: OnMadeDocument;
};

/** A text too long for a message goes with the documents: in which row, and under what name. */
export function MakeDocumentDialog({ caseId, onClose, make, onMade }: MakeDocumentDialogProps) {
  const { data, error, refetch } = useRead('documents.list', { case: caseId });
  const { locale } = useLocale();
  const [row, setRow] = useState<string | null>(null);
  const [name, setName] = useState<string>(() => m.make_document_name_usual());
  const [tried, setTried] = useState(false);
  const [making, setMaking] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const rows = data?.rows.filter((each) => !isClosed(each)) ?? [];

  async function submit(): Promise<void> {
    setTried(true);
    if (row === null || name.trim() === '' || making) {
      return;
    }
    setMaking(true);
    const made = await make(row, name.trim());
    setMaking(false);
    if ('fault' in made) {
      setRefusal(faultText(made.fault));
    } else if (made.answer.refused !== null) {
      setRefusal(rejectionText(made.answer.refused));
    } else {
      onMade(row, made.answer.file ?? '');
    }
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.make_document_title()}
      actions={
        <>
          <Button onPress={onClose}>{m.message_cancel()}</Button>
          <Button
            look="primary"
            isPending={making}
            isDisabled={data !== undefined && rows.length === 0}
            onPress={() => void submit()}
            data-testid="confirm-make-document"
          >
            {m.make_document_submit()}
          </Button>
        </>
      }
    >
      <p>{m.make_document_text()}</p>
      {error !== null && <FaultView fault={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && rows.length === 0 && (
        <Notice severity="warning">{m.make_document_no_row()}</Notice>
      )}
      {rows.length > 0 && (
        <SelectField
          label={m.make_document_row()}
          placeholder={m.make_document_row_pick()}
          choices={rows.map((each) => ({ id: each.id, name: each.name[locale] }))}
          selected={row}
          onSelect={setRow}
          testId="make-document-row"
        />
      )}
      {tried && row === null && rows.length > 0 && (
        <Notice severity="warning">{m.make_document_need_row()}</Notice>
      )}
      <LineField
        label={m.make_document_name()}
        error={tried && name.trim() === '' ? m.make_document_need_name() : null}
        value={name}
        onChange={setName}
        name="file-name"
        autoComplete="off"
        testId="make-document-name"
      />
      {refusal !== null && <Notice severity="error">{refusal}</Notice>}
    </Dialog>
  );
}

/** A row that has what it needs takes no more; one that is not needed takes any number. */
function isClosed(row: RowView): boolean {
  return row.required && row.state === 'accepted';
}
