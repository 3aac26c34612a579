import { useId, useState } from 'react';
import type { RowView } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { Notice } from '../../shared/components/Notice';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Rows.module.css';

type ArchiveDialogProps = { caseId: string; row: RowView; onClose: () => void };

/** The officer takes an accepted document of an earlier case for a row (KW-82). */
export function ArchiveDialog({ caseId, row, onClose }: ArchiveDialogProps) {
  const { locale } = useLocale();
  const group = useId();
  const [chosen, setChosen] = useState(row.archive[0]?.document ?? '');
  const write = useWrite('documents.take');
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.take_title({ name: row.name[locale] })}
      actions={
        <>
          <Button onPress={onClose}>{m.message_cancel()}</Button>
          <Button
            look="primary"
            isPending={write.isPending}
            onPress={() =>
              write.mutate({ case: caseId, row: row.id, document: chosen }, { onSuccess: onClose })
            }
            data-testid="confirm-take"
          >
            {m.archive_submit()}
          </Button>
        </>
      }
    >
      <p className={styles.text}>{m.archive_text()}</p>
      <fieldset className={styles.choices}>
        <legend>{m.archive_choice()}</legend>
        {row.archive.map((each) => (
          <label key={each.document} className={styles.choice}>
            <input
              type="radio"
              name={group}
              value={each.document}
              checked={chosen === each.document}
              onChange={() => setChosen(each.document)}
            />
            {m.archive_item({
              name: each.name,
              number: each.number,
              time: dateAndTime(each.at, locale),
              by: each.accepted_by,
            })}
          </label>
        ))}
      </fieldset>
      {write.error !== null && (
        <Notice severity={FAULTS[write.error.code]?.severity ?? 'error'}>
          {faultText(write.error)}
        </Notice>
      )}
    </Dialog>
  );
}
