import { CircleCheckBig } from 'lucide-react';
import { useId, useState } from 'react';
import type { CaseView, DocumentList } from '../../generated/rpc';
import { dateAndTime } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { Notice } from '../../shared/components/Notice';
import { StateChip } from '../../shared/components/StateChip';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { rejectionText } from '../../shared/errors/rejections';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Rows.module.css';

/** "MEDDELA OSS": the applicant says that all is in, once every row is filled or explained (KW-81). */
export function ReadyBox({ item, list }: { item: CaseView; list: DocumentList }) {
  const { locale } = useLocale();
  const [asking, setAsking] = useState(false);
  const write = useWrite('documents.ready');
  const { at, state, reason } = list.ready;
  const open = list.rows.filter((row) => row.awaited);
  const leadId = useId();
  const openId = useId();
  if (at !== null) {
    return (
      <section className={styles.box} data-testid="ready" data-state={state ?? 'received'}>
        <p className={styles.boxHead} role="status">
          {m.ready_said({ time: dateAndTime(at, locale) })}
          <StateChip state={state ?? 'received'} />
        </p>
      </section>
    );
  }
  return (
    <section className={styles.box} data-testid="ready" data-state="open">
      <h3 className={styles.boxTitle}>{m.ready_title()}</h3>
      <p id={leadId} className={styles.hint}>
        {m.ready_lead()}
      </p>
      {open.length > 0 && (
        <p id={openId} data-testid="ready-open">
          {m.ready_open({ names: open.map((row) => row.name[locale]).join(', ') })}
        </p>
      )}
      {reason !== null && <Notice severity="warning">{rejectionText(reason)}</Notice>}
      <div className={styles.actions}>
        <Button
          look="primary"
          isDisabled={open.length > 0}
          isPending={write.isPending}
          aria-describedby={open.length > 0 ? `${leadId} ${openId}` : leadId}
          onPress={() => setAsking(true)}
          data-testid="report-ready"
        >
          <CircleCheckBig size={15} aria-hidden />
          {m.ready_button()}
        </Button>
      </div>
      {write.error !== null && (
        <Notice severity={FAULTS[write.error.code]?.severity ?? 'error'}>
          {faultText(write.error)}
        </Notice>
      )}
      {asking && (
        <Dialog
          isOpen
          onClose={() => setAsking(false)}
          title={m.ready_ask_title()}
          role="alertdialog"
          actions={
            <>
              <Button onPress={() => setAsking(false)}>{m.message_cancel()}</Button>
              <Button
                look="primary"
                autoFocus
                onPress={() => {
                  setAsking(false);
                  write.mutate({ case: item.id });
                }}
                data-testid="confirm-ready"
              >
                {m.ready_confirm()}
              </Button>
            </>
          }
        >
          <p className={styles.text}>
            {m.ready_ask_text({ title: item.title, number: item.number })}
          </p>
          <p className={styles.hint}>{m.ready_ask_queue()}</p>
        </Dialog>
      )}
    </section>
  );
}
