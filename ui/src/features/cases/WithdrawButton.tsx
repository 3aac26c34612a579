import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { CaseView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { Notice } from '../../shared/components/Notice';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';

/** Takes the application back. It cannot be undone once it has left, so it asks first. */
export function WithdrawButton({ item }: { item: CaseView }) {
  const withdraw = useWrite('cases.withdraw');
  const [asking, setAsking] = useState(false);
  const named = { title: item.title, number: item.number };
  return (
    <>
      <Button
        look="quiet"
        size="small"
        isPending={withdraw.isPending}
        onPress={() => setAsking(true)}
        data-testid="withdraw-application"
      >
        <Undo2 size={15} aria-hidden />
        {m.withdraw_application_ask()}
      </Button>
      {withdraw.error !== null && (
        <Notice severity={FAULTS[withdraw.error.code]?.severity ?? 'error'}>
          {faultText(withdraw.error)}
        </Notice>
      )}
      {asking && (
        <Dialog
          isOpen
          onClose={() => setAsking(false)}
          title={m.withdraw_application_title(named)}
          role="alertdialog"
          actions={
            <>
              <Button autoFocus onPress={() => setAsking(false)}>
                {m.message_cancel()}
              </Button>
              <Button
                look="danger"
                onPress={() => {
                  setAsking(false);
                  withdraw.mutate({ case: item.id });
                }}
                data-testid="confirm-withdraw"
              >
                {m.withdraw_application()}
              </Button>
            </>
          }
        >
          <p>{m.withdraw_application_text(named)}</p>
        </Dialog>
      )}
    </>
  );
}
