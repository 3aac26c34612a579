import { useId } from 'react';
import type { CaseFile, CertificateView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { CheckField } from '../../shared/components/CheckField';
import { Notice } from '../../shared/components/Notice';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Decision.module.css';

type ProofsProps = { file: CaseFile; certificate: CertificateView };

/** Whether there is a card, and whether the certificate stands in the public register. */
export function Proofs({ file, certificate: { card, published } }: ProofsProps) {
  const titleId = useId();
  const set = useWrite('cases.set_proofs');
  const change = (to: { card: boolean; published: boolean }) =>
    set.mutate({ case: file.id, ...to });
  return (
    <section className={styles.part} aria-labelledby={titleId}>
      <h2 id={titleId} className={styles.title}>
        {m.decision_proofs()}
      </h2>
      <CheckField
        label={m.decision_card()}
        isChecked={card}
        isDisabled={set.isPending}
        onChange={(is) => change({ card: is, published })}
        testId="proof-card"
      />
      <CheckField
        label={m.decision_published()}
        isChecked={published}
        isDisabled={set.isPending}
        onChange={(is) => change({ card, published: is })}
        testId="proof-published"
      />
      {set.error !== null && (
        <Notice severity={FAULTS[set.error.code]?.severity ?? 'error'}>
          {faultText(set.error)}
        </Notice>
      )}
    </section>
  );
}
