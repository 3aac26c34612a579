/** Looking for words in what is on this computer. Nothing is kept: the next letter asks anew. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { FoundKind, SearchAnswer } from '../../generated/rpc';
import { usePlatform } from '../../shared/rpc/platform-context';

/** So often it is asked again while not everything could be looked through. */
const AGAIN_MS = 500;

const NOTHING: SearchAnswer = { groups: [], unread: 0 };

/** One letter finds half of everything. */
export const LETTERS_MIN = 2;

export function useSearch(text: string, kind: FoundKind | null): SearchAnswer | undefined {
  const platform = usePlatform();
  const asked = text.trim();
  const isOn = asked.length >= LETTERS_MIN;
  const { data } = useQuery({
    queryKey: ['search', asked, kind],
    queryFn: () => platform.call('search.find', { text: asked, kind, after: null }),
    enabled: isOn,
    staleTime: 0,
    gcTime: 0,
    refetchInterval: ({ state }) => ((state.data?.unread ?? 0) > 0 ? AGAIN_MS : false),
    placeholderData: keepPreviousData,
  });
  return isOn ? data : NOTHING;
}
