import { ArrowLeft } from 'lucide-react';
import { type Ref, useState } from 'react';
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
        <Conversation key={item.id} item={item} />
      </div>
    </>
  );
}

function Conversation({ item }: { item: CaseView }) {
  const { data, error, isFetching, refetch } = useRead('messages.list', { case: item.id });
  // Nobody may begin to write on a draft that is being read anew. Once the field is there it stays:
  // through every later reading, and if one of them fails.
  const [ready, setReady] = useState(false);
  if (!ready && data !== undefined && !isFetching) {
    setReady(true);
  }
  if (data !== undefined && ready) {
    return (
      <>
        <Composer caseId={item.id} storedDraft={data.draft} maxLength={data.max_length} />
        <MessageList messages={data.messages} other={otherParty(item)} />
      </>
    );
  }
  return error === null || isFetching ? (
    <Loading />
  ) : (
    <FaultView fault={error} onRetry={() => void refetch()} />
  );
}
