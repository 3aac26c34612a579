import { useQueryClient } from '@tanstack/react-query';
import { MessageSquareWarning } from 'lucide-react';
import { useCallback, useId, useRef, useState } from 'react';
import type { CaseView, DocumentList } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import type { Content } from '../../shared/drafts/drafts';
import { useDrafts, useOpened } from '../../shared/drafts/drafts-context';
import { useWriting } from '../../shared/drafts/use-writing';
import { WritingField } from '../../shared/drafts/WritingField';
import { usePlatform } from '../../shared/rpc/platform-context';
import { keepInCache } from '../../shared/rpc/queries';
import { lengthOf } from '../../shared/text-length';
import styles from './Rows.module.css';

type CompletionProps = { item: CaseView; list: DocumentList };

function rowsIn(type: string): string[] {
  return type.split(',').filter((id) => id !== '');
}

/** The officer asks for what is missing (KW-39). It is kept while it is written. */
export function Completion({ item, list }: CompletionProps) {
  const drafts = useDrafts();
  const key = `completion/${item.id}`;
  const isOpen = useOpened(key);
  const opener = useRef<HTMLButtonElement>(null);
  if (isOpen) {
    return (
      <CompletionForm
        item={item}
        list={list}
        draftKey={key}
        onClose={() => {
          drafts.setOpened(key, false);
          requestAnimationFrame(() => opener.current?.focus());
        }}
      />
    );
  }
  return (
    <div className={styles.actions}>
      <Button
        ref={opener}
        onPress={() => drafts.setOpened(key, true)}
        data-testid="open-completion"
      >
        <MessageSquareWarning size={15} aria-hidden />
        {m.completion_open()}
      </Button>
      {list.completion.text !== '' && <span className={styles.hint}>{m.decide_has_draft()}</span>}
    </div>
  );
}

type CompletionFormProps = CompletionProps & { draftKey: string; onClose: () => void };

function CompletionForm({ item, list, draftKey, onClose }: CompletionFormProps) {
  const { locale } = useLocale();
  const platform = usePlatform();
  const client = useQueryClient();
  const errorId = useId();
  const [tried, setTried] = useState(false);
  const caseId = item.id;
  const save = useCallback(
    async ({ text, type }: Content) => {
      const completion = { rows: rowsIn(type), text };
      await platform.call('documents.completion_save', { case: caseId, ...completion });
      await keepInCache(client, 'documents.list', { case: caseId }, (known) => ({
        ...known,
        completion,
      }));
    },
    [platform, client, caseId],
  );
  const stored = { text: list.completion.text, type: list.completion.rows.join(',') };
  const writing = useWriting(draftKey, stored, save);
  const { draft, write, flush, busy } = writing;
  const rows = rowsIn(draft.type);
  const isBlank = draft.text.trim() === '';

  async function submit(): Promise<void> {
    setTried(true);
    if (busy || isBlank || rows.length === 0 || lengthOf(draft.text) > list.max_text) {
      return;
    }
    const asked = { case: caseId, rows, text: draft.text };
    if (await writing.send(() => platform.call('documents.completion', asked))) {
      onClose();
    }
  }

  function toggle(id: string): void {
    const next = rows.includes(id) ? rows.filter((each) => each !== id) : [...rows, id];
    write({ text: draft.text, type: next.join(',') });
  }

  return (
    <section className={styles.form} aria-label={m.completion_title()} data-testid="completion">
      <h3 className={styles.boxTitle}>{m.completion_title()}</h3>
      <fieldset
        className={styles.choices}
        aria-describedby={tried && rows.length === 0 ? errorId : undefined}
      >
        <legend>{m.completion_rows()}</legend>
        {list.rows.map((row) => (
          <label key={row.id} className={styles.choice}>
            <input
              type="checkbox"
              checked={rows.includes(row.id)}
              disabled={busy}
              onChange={() => toggle(row.id)}
            />
            {row.name[locale]}
          </label>
        ))}
        {tried && rows.length === 0 && (
          <p id={errorId} role="alert" className={styles.error}>
            {m.completion_rows_missing()}
          </p>
        )}
      </fieldset>
      <WritingField
        writing={writing}
        label={m.completion_label()}
        hint={m.completion_hint()}
        max={list.max_text}
        rows={4}
        error={tried && isBlank ? m.completion_blank() : null}
        testId="completion-text"
      >
        <Button
          look="primary"
          isPending={busy}
          onPress={() => void submit()}
          data-testid="confirm-completion"
        >
          {m.completion_submit()}
        </Button>
        <Button
          onPress={() => {
            void flush();
            onClose();
          }}
        >
          {m.message_cancel()}
        </Button>
      </WritingField>
    </section>
  );
}
