import {
  ChartBar,
  Contrast,
  FilePlus2,
  FileText,
  FolderOpen,
  House,
  Info,
  ListFilter,
  Lock,
  LogOut,
  type LucideIcon,
  Printer,
  RefreshCw,
  Search,
  Send,
  Settings,
  UserCog,
} from 'lucide-react';
import {
  type KeyboardEvent,
  type ReactNode,
  useDeferredValue,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { FOUND, FoundText } from '../features/search/found';
import { useSearch } from '../features/search/use-search';
import { m } from '../i18n/paraglide/messages.js';
import { afterPaint } from '../shared/after-paint';
import { Dialog } from '../shared/components/Dialog';
import { Hidden } from '../shared/components/Hidden';
import { folded } from '../shared/folded';
import type { OnGo } from '../shared/goto';
import { useRead } from '../shared/rpc/queries';
import { chooseTheme, THEMES, type Theme } from '../shared/theme';
import type { View } from './Nav';
import styles from './Palette.module.css';

type Act = { id: string; name: string; icon: LucideIcon; run: () => void };
type Option = Act & { shown?: ReactNode };

const THEME_WORDS: Record<Theme, () => string> = {
  system: () => m.theme_system(),
  light: () => m.theme_light(),
  dark: () => m.theme_dark(),
};

/** Most that are drawn at once; whoever looks for more types another letter. */
const MOST = 50;
/** Of what is found by its words, so many of each kind. */
const OF_EACH = 3;

type PaletteProps = {
  staff: boolean;
  onShow: (view: View) => void;
  onSync: () => void;
  onLock: () => void;
  onLogOut: () => void;
  onShowCase: (caseId: string) => void;
  onGo: OnGo;
  /** Shows all that these words find, on a page of its own. */
  onSearch: (text: string) => void;
  onClose: () => void;
};

/** Every case and every command, by a few letters of its name, and all else by its words. */
export default function Palette(props: PaletteProps) {
  const { onShowCase, onGo, onSearch, onClose } = props;
  const acts = actsOf(props);
  const { data: cases } = useRead('cases.list', {});
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();
  const ofCases = (cases ?? []).map((item) => ({
    id: item.id,
    name: `${item.title}, ${item.number}, ${item.holder}`,
    icon: FolderOpen,
    run: () => onShowCase(item.id),
  }));
  const words = folded(text).split(/\s+/u).filter(Boolean);
  const fits = ({ name }: Act) => words.every((word) => folded(name).includes(word));
  // Without a word the commands come first: there may be thousands of cases.
  const all = words.length === 0 ? [...acts, ...ofCases] : [...ofCases, ...acts];
  const asked = useDeferredValue(text);
  const answer = useSearch(asked, null);
  const hits = (answer?.groups ?? []).flatMap(({ kind, hits: some }) =>
    // The cases stand there by their names already.
    (kind === 'case' ? [] : some.slice(0, OF_EACH)).map(
      (hit): Option => ({
        id: `${kind}-${hit.no}`,
        name: FOUND[kind].name(),
        icon: FOUND[kind].icon,
        shown: <FoundText kind={kind} hit={hit} />,
        run: () => onGo({ caseId: hit.case?.id ?? null, place: hit.place, words: asked }),
      }),
    ),
  );
  const everywhere: Option = {
    id: 'everywhere',
    name: m.search_everything({ text: text.trim() }),
    icon: Search,
    run: () => onSearch(text.trim()),
  };
  const named: Option[] = all.filter(fits).slice(0, MOST);
  const found = hits.length === 0 ? named : [...named, ...hits, everywhere];
  const current = Math.min(at, found.length - 1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the option that is current has changed
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: 'nearest' });
  }, [current, text]);

  function choose(act: Option | undefined): void {
    if (act !== undefined) {
      onClose();
      act.run();
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(current + step, found.length - 1)));
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      choose(found[current]);
    }
  }

  return (
    <Dialog isOpen onClose={onClose} title={m.palette_title()} dismissable>
      <div className={styles.field}>
        <Search size={16} aria-hidden />
        <input
          autoFocus
          className={styles.input}
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={found.length > 0 ? `${listId}-${current}` : undefined}
          aria-label={m.palette_label()}
          placeholder={m.palette_label()}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          spellCheck="false"
          data-testid="palette-input"
        />
      </div>
      <div
        ref={list}
        id={listId}
        role="listbox"
        tabIndex={-1}
        aria-label={m.palette_title()}
        className={styles.list}
      >
        {found.map((act, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
          <div
            key={act.id}
            id={`${listId}-${place}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === current}
            className={styles.option}
            onClick={() => choose(act)}
            onPointerMove={() => setAt(place)}
            data-testid="palette-option"
          >
            <act.icon size={15} aria-hidden />
            <span>{act.shown ?? act.name}</span>
          </div>
        ))}
      </div>
      <p role="status" className={styles.none}>
        {found.length === 0 ? (
          m.palette_none()
        ) : (
          <Hidden>{m.palette_found({ count: found.length })}</Hidden>
        )}
      </p>
    </Dialog>
  );
}

/** Every command. */
function actsOf({ staff, onShow, onSync, onLock, onLogOut }: PaletteProps): Act[] {
  const to = (id: View, name: string, icon: LucideIcon) => ({
    id,
    name,
    icon,
    run: () => onShow(id),
  });
  const themes = THEMES.map((theme) => ({
    id: `theme-${theme}`,
    name: `${m.theme_label()}: ${THEME_WORDS[theme]()}`,
    icon: Contrast,
    run: () => chooseTheme(theme),
  }));
  return [
    to('overview', m.nav_overview(), House),
    to('cases', staff ? m.nav_cases_officer() : m.nav_cases(), FolderOpen),
    ...(staff
      ? [
          to('queue', m.nav_queue(), ListFilter),
          to('workload', m.nav_workload(), ChartBar),
          to('templates', m.nav_templates(), FileText),
        ]
      : [to('apply', m.nav_apply(), FilePlus2)]),
    to('outbox', m.nav_outbox(), Send),
    to('services', m.nav_services(), Info),
    to('search', m.nav_search(), Search),
    to('settings', m.nav_settings(), Settings),
    to('account', m.account_label(), UserCog),
    ...themes,
    // Without the palette on it.
    { id: 'print', name: m.print(), icon: Printer, run: () => afterPaint(() => window.print()) },
    { id: 'sync', name: m.palette_sync(), icon: RefreshCw, run: onSync },
    { id: 'lock', name: m.palette_lock(), icon: Lock, run: onLock },
    { id: 'log-out', name: m.log_out(), icon: LogOut, run: onLogOut },
  ];
}
