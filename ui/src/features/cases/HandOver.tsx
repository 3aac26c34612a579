import { useId, useState } from 'react';
import type { CaseFile } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Notice } from '../../shared/components/Notice';
import { SelectField } from '../../shared/components/SelectField';
import { useToast } from '../../shared/components/Toasts';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Decision.module.css';

/** Passes the case on to a colleague, or lets it wait for an officer again. */
export function HandOver({ file }: { file: CaseFile }) {
  const titleId = useId();
  const assign = useWrite('cases.assign');
  const toast = useToast();
  const [to, setTo] = useState<string | null>(null);
  const receiver = file.colleagues.find(({ person }) => person === to);
  const isOnItsWay = file.on_their_way.some(
    (act) => act.kind === 'assign_case' && act.state !== 'refused',
  );
  function pass(receiver: CaseFile['colleagues'][number] | null): void {
    const told = () =>
      receiver === null ? m.decision_given_back() : m.decision_handed_over({ name: receiver.name });
    assign.mutate(
      { case: file.id, from: null, to: receiver?.person ?? null },
      { onSuccess: () => toast({ text: told }) },
    );
  }

  return (
    <section className={styles.part} aria-labelledby={titleId}>
      <h2 id={titleId} className={styles.title}>
        {m.decision_officer()}
      </h2>
      <p className={styles.meta}>{m.decision_hand_over_hint()}</p>
      <div className={styles.line}>
        {file.colleagues.length > 0 && (
          <>
            <SelectField
              label={m.decision_hand_over()}
              choices={file.colleagues.map(({ person, name }) => ({ id: person, name }))}
              selected={to}
              onSelect={setTo}
              placeholder={m.decision_hand_over_pick()}
              testId="hand-over-to"
            />
            <Button
              isDisabled={receiver === undefined || isOnItsWay}
              isPending={assign.isPending}
              onPress={() => pass(receiver ?? null)}
              data-testid="hand-over"
            >
              {m.decision_hand_over_now()}
            </Button>
          </>
        )}
        <Button
          isDisabled={isOnItsWay || assign.isPending}
          onPress={() => pass(null)}
          data-testid="give-back"
        >
          {m.decision_give_back()}
        </Button>
      </div>
      {assign.error !== null && (
        <Notice severity={FAULTS[assign.error.code]?.severity ?? 'error'}>
          {faultText(assign.error)}
        </Notice>
      )}
    </section>
  );
}
