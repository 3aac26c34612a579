import { Search, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button as AriaButton, Input, SearchField } from 'react-aria-components';
import { m } from '../../i18n/paraglide/messages.js';
import styles from './MessageFilter.module.css';

type MessageFilterProps = {
  value: string;
  onChange: (value: string) => void;
  /** How many conversations match; null while nothing is asked for. */
  found: number | null;
  isShown: boolean;
};

/** Narrows the list to what holds the words. Ctrl + F leads here, Escape empties it. */
export function MessageFilter({ value, onChange, found, isShown }: MessageFilterProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!isShown) {
      return;
    }
    function onKeyDown(event: KeyboardEvent): void {
      const asked = event.key.toLowerCase() === 'f' && (event.ctrlKey || event.metaKey);
      if (asked && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        input.current?.focus();
        input.current?.select();
      }
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [isShown]);
  return (
    <div className={styles.filter}>
      <SearchField
        className={styles.field ?? ''}
        aria-label={m.filter_label()}
        value={value}
        onChange={onChange}
      >
        <Search size={15} aria-hidden />
        <Input
          ref={input}
          className={styles.input ?? ''}
          placeholder={m.filter_label()}
          data-testid="filter-messages"
        />
        {value !== '' && (
          <AriaButton className={styles.clear ?? ''} aria-label={m.filter_clear()}>
            <X size={14} aria-hidden />
          </AriaButton>
        )}
      </SearchField>
      <span role="status" className={styles.found}>
        {found !== null && m.filter_found({ count: found })}
      </span>
    </div>
  );
}
