import { useQueryClient } from '@tanstack/react-query';
import { useWrite } from './queries';

/** Tries to send and fetch at once; the banner and the outbox offer it. */
export function useSyncNow() {
  const client = useQueryClient();
  const write = useWrite('sync.now');
  return {
    isPending: write.isPending,
    tryNow(onFault: (fault: NonNullable<typeof write.error>) => void): void {
      write.mutate(
        {},
        {
          // Asked anew: the answer may be older than what the change feed has brought since.
          onSuccess: () => client.invalidateQueries({ queryKey: ['sync'] }),
          onError: onFault,
        },
      );
    },
  };
}
