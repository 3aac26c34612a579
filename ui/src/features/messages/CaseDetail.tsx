import { ArrowLeft } from 'lucide-react';
import type { Ref } from 'react';
import type { CaseView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import { useRead } from '../../shared/rpc/queries';
import { otherParty } from './CaseList';
import styles from './Cases.module.css';
import { Composer } from './Composer';
import { MessageList } from './MessageList';

type CaseDetailProps = {
  item: CaseView;
  /** Back to the list, where list and detail take turns. */
  onBack: () => void;
  titleRef: Ref<HTMLHeadingElement>;
};

/** One case: what it is, the field to write in, and the messages. */
export function CaseDetail({ item, onBack, titleRef }: CaseDetailProps) {
  return (
    <>
      <header className={styles.head}>
        <div className={styles.back}>
          <Button look="quiet" size="small" onPress={onBack}>
            <ArrowLeft size={15} aria-hidden />
            {m.cases_back()}
          </Button>
        </div>
        <h1 ref={titleRef} tabIndex={-1} className={styles.title}>
          {item.title}
        </h1>
        <dl className={styles.facts}>
          <div>
            <dt>{m.case_number()}</dt>
            <dd>{item.number}</dd>
          </div>
          <div>
            <dt>{m.case_holder()}</dt>
            <dd>{item.holder}</dd>
          </div>
          <div>
            <dt>{m.case_officer()}</dt>
            <dd>{item.officer}</dd>
          </div>
        </dl>
      </header>
      <div className={styles.body}>
        <Conversation item={item} />
      </div>
    </>
  );
}

function Conversation({ item }: { item: CaseView }) {
  const { data, error, refetch } = useRead('messages.list', { case: item.id });
  // A list that is on screen stays there if reading it anew fails: a text may be under way.
  if (data !== undefined) {
    return (
      <>
        <Composer caseId={item.id} storedDraft={data.draft} maxLength={data.max_length} />
        <MessageList messages={data.messages} other={otherParty(item)} />
      </>
    );
  }
  return error === null ? <Loading /> : <FaultView fault={error} onRetry={() => void refetch()} />;
}
