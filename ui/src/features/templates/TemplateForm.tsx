import { useId, useRef, useState } from 'react';
import type { TemplateList, TemplateText } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { AreaField } from '../../shared/components/AreaField';
import { Button } from '../../shared/components/Button';
import { LineField } from '../../shared/components/LineField';
import { Notice } from '../../shared/components/Notice';
import type { SaveContent } from '../../shared/drafts/drafts';
import { useDraftField, useDrafts } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { lengthOf } from '../../shared/text-length';
import { FIELDS, unknownFields } from './fields';
import styles from './Templates.module.css';

type TemplateFormProps = {
  draftKey: string;
  title: string;
  stored: TemplateText;
  save: SaveContent;
  list: TemplateList;
  onSend: (content: TemplateText) => Promise<unknown>;
  onDiscard: () => Promise<unknown>;
  onClose: () => void;
};

/** Where a template is written or changed; kept while it is. */
export function TemplateForm({
  draftKey,
  title,
  stored,
  save,
  list,
  onSend,
  onDiscard,
  onClose,
}: TemplateFormProps) {
  const drafts = useDrafts();
  const titleId = useId();
  const titleField = useRef<HTMLInputElement>(null);
  const textField = useRef<HTMLTextAreaElement>(null);
  const [wrong, setWrong] = useState<'title' | 'text' | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const first = { text: stored.text, type: stored.title };
  const { draft, write, flush } = useDraftField(draftKey, first, save);
  const unknown = unknownFields(draft.text);
  const isLong = lengthOf(draft.type) > list.max_title;

  async function send(): Promise<void> {
    if (draft.type.trim() === '' || isLong) {
      setWrong('title');
      titleField.current?.focus();
      return;
    }
    if (draft.text.trim() === '' || lengthOf(draft.text) > list.max_text) {
      setWrong('text');
      textField.current?.focus();
      return;
    }
    await act(() => onSend({ title: draft.type, text: draft.text }));
  }

  async function act(run: () => Promise<unknown>): Promise<void> {
    if (busy) {
      return;
    }
    setBusy(true);
    setFault(null);
    const content = { text: draft.text, type: draft.type };
    try {
      await drafts.settle(draftKey);
      await run();
      drafts.done(draftKey, draft.text);
      onClose();
    } catch (thrown) {
      write(content);
      setFault(toFault(thrown));
    } finally {
      setBusy(false);
    }
  }

  function titleError(): string | null {
    if (wrong !== 'title') {
      return null;
    }
    return isLong ? m.template_title_long({ max: list.max_title }) : m.template_title_blank();
  }

  return (
    <form
      className={styles.form}
      aria-labelledby={titleId}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      data-testid="template-form"
    >
      <h2 id={titleId} className={styles.name}>
        {title}
      </h2>
      <LineField
        ref={titleField}
        label={m.template_title()}
        error={titleError()}
        announceError
        value={draft.type}
        onChange={(type) => {
          setWrong(null);
          write({ text: draft.text, type });
        }}
        name="template-title"
        autoComplete="off"
        readOnly={busy}
        autoFocus
        testId="template-title"
      />
      <AreaField
        ref={textField}
        label={m.template_text()}
        hint={m.template_fields({ fields: FIELDS.map((field) => `{${field}}`).join(', ') })}
        text={draft.text}
        max={list.max_text}
        rows={8}
        error={wrong === 'text' ? m.template_text_blank() : null}
        readOnly={busy}
        onChange={(text) => {
          setWrong(null);
          write({ text, type: draft.type });
        }}
        onBlur={() => void flush()}
        testId="template-text"
      />
      {unknown.length > 0 && (
        <p className={styles.hint} role="status" data-testid="unknown-fields">
          {m.template_unknown({ fields: unknown.join(', ') })}
        </p>
      )}
      {draft.status === 'failed' && draft.fault !== null && (
        <Notice severity="error">{m.draft_failed({ reason: faultText(draft.fault) })}</Notice>
      )}
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
      <div className={styles.acts}>
        <Button type="submit" look="primary" isPending={busy} data-testid="save-template">
          {m.template_save()}
        </Button>
        <Button isDisabled={busy} onPress={() => void act(onDiscard)} data-testid="cancel-template">
          {m.message_cancel()}
        </Button>
      </div>
    </form>
  );
}
