import { useState } from 'react';
import type { CaseView, MessageList } from '../../generated/rpc';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import type { Goto } from '../../shared/goto';
import { useRead } from '../../shared/rpc/queries';
import { Conversations } from './Conversations';
import type { OnMadeDocument } from './MakeDocumentDialog';

type MessagesViewProps = {
  item: CaseView;
  /** Whether this is what the person looks at; else it stands by, hidden. */
  isShown: boolean;
  /** Where in the case the person was sent, if they were. */
  called: Goto | null;
  onMadeDocument: OnMadeDocument;
};

/** The messages of a case. Mount it with the case's id as its key. */
export function MessagesView({ item, isShown, called, onMadeDocument }: MessagesViewProps) {
  const { data, error, isFetching, refetch } = useRead('messages.list', { case: item.id });
  const list = useReady(data, isFetching);
  if (list !== undefined) {
    return (
      <Conversations
        item={item}
        list={list}
        isShown={isShown}
        called={called}
        onMadeDocument={onMadeDocument}
      />
    );
  }
  return error === null || isFetching ? (
    <Loading />
  ) : (
    <FaultView fault={error} onRetry={() => void refetch()} />
  );
}

/**
 * Nobody may begin to write on a draft that is being read anew. Once the list is there it stays:
 * through every later reading, and if one of them fails.
 */
function useReady(data: MessageList | undefined, isFetching: boolean): MessageList | undefined {
  const [ready, setReady] = useState(false);
  if (!ready && data !== undefined && !isFetching) {
    setReady(true);
  }
  return ready ? data : undefined;
}
