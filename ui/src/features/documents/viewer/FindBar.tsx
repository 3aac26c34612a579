import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useId } from 'react';
import { m } from '../../../i18n/paraglide/messages.js';
import { Button } from '../../../shared/components/Button';
import { Hidden } from '../../../shared/components/Hidden';
import { MATCHES_MAX } from './find';
import styles from './Viewer.module.css';

type FindBarProps = {
  query: string;
  onQuery: (query: string) => void;
  /** How many were found. */
  count: number;
  /** Which of them is looked at, from nought. */
  current: number;
  /** Whether all has been looked through. */
  isDone: boolean;
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
  fieldRef: RefObject<HTMLInputElement | null>;
};

/** Searching in the document that is shown. */
export function FindBar({
  query,
  onQuery,
  count,
  current,
  isDone,
  onStep,
  onClose,
  fieldRef,
}: FindBarProps) {
  const id = useId();
  // At once: what is typed next is looked for.
  useEffect(() => fieldRef.current?.focus(), [fieldRef]);
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter') {
      event.preventDefault();
      onStep(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    }
  }
  function said(): string {
    if (query.trim() === '') {
      return '';
    }
    if (count === 0) {
      return isDone ? m.viewer_find_none() : m.viewer_find_looking();
    }
    return count < MATCHES_MAX
      ? m.viewer_find_at({ at: current + 1, count })
      : m.viewer_find_first({ at: current + 1, count });
  }
  return (
    <search className={styles.find} aria-label={m.viewer_find()}>
      <Hidden>
        <label htmlFor={id}>{m.viewer_find()}</label>
      </Hidden>
      <input
        ref={fieldRef}
        id={id}
        type="text"
        className={styles.findField}
        placeholder={m.viewer_find()}
        value={query}
        maxLength={200}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={onKeyDown}
        data-testid="viewer-find"
      />
      <span className={styles.found} role="status" data-testid="viewer-found">
        {said()}
      </span>
      <Button
        size="icon"
        look="quiet"
        aria-label={m.viewer_find_before()}
        isDisabled={count === 0}
        onPress={() => onStep(-1)}
      >
        <ChevronUp size={16} aria-hidden />
      </Button>
      <Button
        size="icon"
        look="quiet"
        aria-label={m.viewer_find_next()}
        isDisabled={count === 0}
        onPress={() => onStep(1)}
        data-testid="viewer-find-next"
      >
        <ChevronDown size={16} aria-hidden />
      </Button>
      <Button size="icon" look="quiet" aria-label={m.viewer_find_close()} onPress={onClose}>
        <X size={16} aria-hidden />
      </Button>
    </search>
  );
}
