import { useState } from 'react';
import type { RowView } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { Notice } from '../../shared/components/Notice';
import { SelectField } from '../../shared/components/SelectField';
import { standOf, takesFiles } from './row-state';

type DropDialogProps = {
  count: number;
  rows: readonly RowView[];
  onClose: () => void;
  onRow: (row: string) => void;
};

/** Files were dropped beside the rows: which document are they? Nothing is guessed. */
export function DropDialog({ count, rows, onClose, onRow }: DropDialogProps) {
  const { locale } = useLocale();
  const open = rows.filter(takesFiles);
  const missing = open.filter((row) => ['missing', 'again'].includes(standOf(row)));
  const [row, setRow] = useState(() => (missing.length === 1 ? (missing[0]?.id ?? null) : null));
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.drop_title({ count })}
      actions={
        <>
          <Button onPress={onClose}>{m.message_cancel()}</Button>
          <Button
            look="primary"
            isDisabled={row === null}
            onPress={() => row !== null && onRow(row)}
            data-testid="confirm-drop"
          >
            {m.drop_submit()}
          </Button>
        </>
      }
    >
      {open.length === 0 ? (
        <Notice severity="warning">{m.make_document_no_row()}</Notice>
      ) : (
        <SelectField
          label={m.make_document_row()}
          placeholder={m.make_document_row_pick()}
          choices={open.map((each) => ({ id: each.id, name: each.name[locale] }))}
          selected={row}
          onSelect={setRow}
          testId="drop-row"
        />
      )}
    </Dialog>
  );
}
