/**
 * Reading and changing through the core. What is read is cached until the core says that its topic
 * has changed; nothing is ever fetched again because of time, focus or the browser's idea of a line.
 */
import {
  QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQueries,
  useQuery,
} from '@tanstack/react-query';
import type { Changed, Method, Params, Platform, Result, RpcFault, Topic } from '../../platform';
import { usePlatform } from './platform-context';

/** The methods that only read, and the topic that makes each one stale. */
const TOPIC_OF = {
  'session.state': 'session',
  'session.keyring': 'session',
  'sync.state': 'sync',
  'cases.list': 'cases',
  'cases.show': 'cases',
  'overview.show': 'cases',
  'settings.show': 'settings',
  'export.state': 'settings',
  'applications.form': 'cases',
  'services.list': 'cases',
  'notes.list': 'cases',
  'templates.list': 'cases',
  'messages.list': 'messages',
  'messages.draft_history': 'messages',
  'documents.list': 'documents',
  'archive.list': 'documents',
  'documents.look': 'documents',
  'documents.text': 'documents',
  'contact.show': 'contact',
  'contact.post': 'contact',
  'outbox.list': 'outbox',
  'outbox.left': 'outbox',
  'account.state': 'account',
} as const satisfies Partial<Record<Method, Topic>>;

export type ReadMethod = keyof typeof TOPIC_OF;

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      // What was written or typed to unlock is not kept when it has been answered.
      mutations: { networkMode: 'always', retry: false, gcTime: 0 },
    },
  });
}

export function queryKey<M extends ReadMethod>(method: M, params: Params<M>) {
  return [TOPIC_OF[method], method, params] as const;
}

/** What the core answers to a reading method, kept fresh by the change feed. */
export function useRead<M extends ReadMethod>(
  method: M,
  params: Params<M>,
): UseQueryResult<Result<M>, RpcFault> {
  const platform = usePlatform();
  return useQuery<Result<M>, RpcFault>({
    queryKey: queryKey(method, params),
    queryFn: () => platform.call(method, params),
  });
}

/** As `useRead`, for as many questions as there are at the moment. */
export function useReads<M extends ReadMethod>(
  method: M,
  params: readonly Params<M>[],
): UseQueryResult<Result<M>, RpcFault>[] {
  const platform = usePlatform();
  return useQueries({
    queries: params.map((asked) => ({
      queryKey: queryKey(method, asked),
      queryFn: () => platform.call(method, asked),
    })),
  });
}

/** Asks before a screen needs it; what is wrong is told to the screen that does. */
export function readAhead<M extends ReadMethod>(
  client: QueryClient,
  platform: Platform,
  method: M,
  params: Params<M>,
): Promise<void> {
  return client.prefetchQuery({
    queryKey: queryKey(method, params),
    queryFn: () => platform.call(method, params),
  });
}

/** A method that changes something. The core's change feed refreshes what is shown. */
export function useWrite<M extends Method>(
  method: M,
): UseMutationResult<Result<M>, RpcFault, Params<M>> {
  const platform = usePlatform();
  return useMutation<Result<M>, RpcFault, Params<M>>({
    mutationFn: (params) => platform.call(method, params),
  });
}

/**
 * The core announces no change for a text that is saved while it is written, so the cached answer
 * gets it here. An answer on its way may be from before and would bring the old text back: it is
 * asked for again.
 */
export async function keepInCache<M extends ReadMethod>(
  client: QueryClient,
  method: M,
  params: Params<M>,
  change: (known: Result<M>) => Result<M>,
): Promise<void> {
  const key = queryKey(method, params);
  const onItsWay = client.isFetching({ queryKey: key }) > 0;
  await client.cancelQueries({ queryKey: key });
  client.setQueryData<Result<M>>(key, (known) => (known === undefined ? known : change(known)));
  if (onItsWay) {
    void client.invalidateQueries({ queryKey: key });
  }
}

/**
 * Marks everything about the changed topics as stale; what is on screen is fetched again. So is what has
 * no answer yet: the one on its way may be from before the change, and would be kept as fresh.
 */
export function invalidateChanged(client: QueryClient, changed: Changed): void {
  for (const topic of changed.topics) {
    void invalidateTopic(client, topic);
  }
}

async function invalidateTopic(client: QueryClient, topic: Topic): Promise<void> {
  await client.cancelQueries({
    queryKey: [topic],
    predicate: (query) => query.state.data === undefined,
  });
  await client.invalidateQueries({ queryKey: [topic] });
}

/** Forgets all that a locked program must not keep in the window. */
export function forgetPrivateData(client: QueryClient): void {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
  client.getMutationCache().clear();
}
