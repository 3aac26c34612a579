import { Search, SearchX } from 'lucide-react';
import { type KeyboardEvent, useDeferredValue, useEffect, useRef, useState } from 'react';
import type { FoundGroup, FoundKind, FoundView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { toFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { EmptyState } from '../../shared/components/EmptyState';
import { Hidden } from '../../shared/components/Hidden';
import { Page } from '../../shared/components/Page';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import type { OnGo } from '../../shared/goto';
import { usePlatform } from '../../shared/rpc/platform-context';
import { FOUND, FoundText } from './found';
import styles from './Search.module.css';
import { LETTERS_MIN, useSearch } from './use-search';

type SearchViewProps = {
  /** Kept outside, so that it survives a look at a hit. */
  text: string;
  onText: (text: string) => void;
  onGo: OnGo;
};

/** Everything on this computer by words, a kind at a time if somebody wants to. */
export default function SearchView({ text, onText, onGo }: SearchViewProps) {
  const [kind, setKind] = useState<FoundKind | null>(null);
  const asked = useDeferredValue(text);
  const answer = useSearch(asked, kind);
  const groups = answer?.groups;
  const unread = answer?.unread ?? 0;
  const field = useRef<HTMLInputElement>(null);
  const view = useRef<HTMLDivElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const isAsked = asked.trim().length >= LETTERS_MIN;
  const some = groups?.filter((group) => group.hits.length > 0) ?? [];
  const count = some.reduce((sum, group) => sum + group.hits.length, 0);

  /** The arrows go from hit to hit, and from the first back into the field. */
  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const hits = [...(view.current?.querySelectorAll<HTMLElement>('[data-hit]') ?? [])];
    const at = hits.findIndex((hit) => hit.contains(document.activeElement));
    const next = at + step;
    if (at === -1 && document.activeElement !== field.current) {
      return;
    }
    event.preventDefault();
    (next < 0 ? field.current : hits[Math.min(next, hits.length - 1)])?.focus();
  }

  return (
    <Page title={m.nav_search()} lead={m.search_hint()} testId="search">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrows only move the focus */}
      <div className={styles.view} ref={view} onKeyDown={onKeyDown}>
        <div className={styles.field}>
          <Search size={16} aria-hidden />
          <input
            ref={field}
            type="search"
            className={styles.input}
            value={text}
            onChange={(event) => onText(event.target.value)}
            aria-label={m.search_label()}
            placeholder={m.search_label()}
            spellCheck="false"
            data-testid="search-text"
          />
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: no form, and no frame round it */}
        <div className={styles.kinds} role="group" aria-label={m.search_kinds()}>
          <Kind isOn={kind === null} onPress={() => setKind(null)}>
            {m.search_all()}
          </Kind>
          {(Object.keys(FOUND) as FoundKind[]).map((each) => (
            <Kind key={each} isOn={kind === each} onPress={() => setKind(each)}>
              {FOUND[each].name()}
            </Kind>
          ))}
        </div>
        <p role="status">
          <Hidden>{isAsked && count > 0 && m.search_found({ count })}</Hidden>
          {isAsked && unread > 0 && m.search_unread({ count: unread })}
        </p>
        {isAsked && groups !== undefined && count === 0 && unread === 0 && (
          <EmptyState
            icon={SearchX}
            title={m.search_none({ text: asked.trim() })}
            hint={m.search_none_hint()}
          />
        )}
        {some.map((group) => (
          <Group
            key={`${group.kind} ${kind} ${asked}`}
            group={group}
            text={asked}
            isAll={kind === null}
            onAll={() => {
              setKind(group.kind);
              field.current?.focus();
            }}
            onGo={onGo}
          />
        ))}
      </div>
    </Page>
  );
}

function Kind({
  isOn,
  onPress,
  children,
}: {
  isOn: boolean;
  onPress: () => void;
  children: string;
}) {
  return (
    <Button size="small" aria-pressed={isOn} className={styles.kind} onPress={onPress}>
      {children}
    </Button>
  );
}

type GroupProps = {
  group: FoundGroup;
  text: string;
  /** Only the newest of each kind are shown. */
  isAll: boolean;
  onAll: () => void;
  onGo: OnGo;
};

function Group({ group, text, isAll, onAll, onGo }: GroupProps) {
  const platform = usePlatform();
  const toast = useToast();
  const [later, setLater] = useState<{ hits: FoundView[]; more: boolean } | null>(null);
  const hits = [...group.hits, ...(later?.hits ?? [])];
  const more = later?.more ?? group.more;

  async function fetchMore(): Promise<void> {
    const after = hits.at(-1)?.no ?? null;
    try {
      const { groups } = await platform.call('search.find', { text, kind: group.kind, after });
      const [next] = groups;
      setLater({
        hits: [...(later?.hits ?? []), ...(next?.hits ?? [])],
        more: next?.more ?? false,
      });
    } catch (thrown) {
      const fault = toFault(thrown);
      toast({ text: () => faultText(fault) });
    }
  }

  const { name, icon: Icon } = FOUND[group.kind];
  return (
    <section className={styles.group} data-testid={`found-${group.kind}`}>
      <h2>{name()}</h2>
      <ul className={styles.hits}>
        {hits.map((hit) => (
          <li key={hit.no}>
            <button
              type="button"
              className={styles.hit}
              onClick={() => onGo({ caseId: hit.case?.id ?? null, place: hit.place, words: text })}
              data-hit
              data-testid="hit"
            >
              <Icon size={16} aria-hidden />
              <FoundText kind={group.kind} hit={hit} />
            </button>
          </li>
        ))}
      </ul>
      {more && (
        <div>
          <Button
            look="quiet"
            size="small"
            onPress={isAll ? onAll : () => void fetchMore()}
            data-testid="search-more"
          >
            {isAll ? m.search_all_of() : m.search_more()}
          </Button>
        </div>
      )}
    </section>
  );
}
