import { FolderOpen, type LucideIcon, Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { m } from '../i18n/paraglide/messages.js';
import { Dialog } from '../shared/components/Dialog';
import { Hidden } from '../shared/components/Hidden';
import { folded } from '../shared/folded';
import { useRead } from '../shared/rpc/queries';
import styles from './Palette.module.css';

export type Act = { id: string; name: string; icon: LucideIcon; run: () => void };

/** Most that are drawn at once; whoever looks for more types another letter. */
const MOST = 50;

type PaletteProps = {
  acts: readonly Act[];
  onShowCase: (caseId: string) => void;
  onClose: () => void;
};

/** Every case and every command, by a few letters of its name. */
export default function Palette({ acts, onShowCase, onClose }: PaletteProps) {
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
  const found = all.filter(fits).slice(0, MOST);
  const current = Math.min(at, found.length - 1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the option that is current has changed
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: 'nearest' });
  }, [current, text]);

  function choose(act: Act | undefined): void {
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
            <span>{act.name}</span>
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
