import { FileText } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import type { CaseView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import { useRead } from '../../shared/rpc/queries';
import { filledIn, valuesOf } from './fields';
import { matchingTemplates } from './matching-templates';
import { SearchLine } from './SearchLine';
import styles from './Templates.module.css';

type TemplatePickerProps = { item: CaseView; onInsert: (text: string) => void };

/** Puts one of the body's texts into what is being written, with the case's own words in its fields. */
export default function TemplatePicker({ item, onInsert }: TemplatePickerProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="small" look="quiet" onPress={() => setOpen(true)} data-testid="pick-template">
        <FileText size={14} aria-hidden />
        {m.template_pick()}
      </Button>
      {isOpen && (
        <PickDialog
          item={item}
          onClose={() => setOpen(false)}
          onInsert={(text) => {
            setOpen(false);
            onInsert(text);
          }}
        />
      )}
    </>
  );
}

function PickDialog({ item, onClose, onInsert }: TemplatePickerProps & { onClose: () => void }) {
  const listId = useId();
  const { data, error, refetch } = useRead('templates.list', { case: item.id });
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [values] = useState(() => valuesOf(item, new Date()));
  const found = useMemo(() => matchingTemplates(data?.templates ?? [], query), [data, query]);
  const template = found.find(({ id }) => id === chosen) ?? found[0];
  const text = template === undefined ? '' : filledIn(template.text, values);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.template_pick_title()}
      actions={
        <>
          <Button onPress={onClose}>{m.message_cancel()}</Button>
          <Button
            look="primary"
            isDisabled={template === undefined}
            onPress={() => onInsert(text)}
            data-testid="insert-template"
          >
            {m.template_insert()}
          </Button>
        </>
      }
    >
      {data === undefined &&
        (error === null ? <Loading /> : <FaultView fault={error} onRetry={() => void refetch()} />)}
      {data?.templates.length === 0 && <p>{m.templates_empty_hint()}</p>}
      {data !== undefined && data.templates.length > 0 && (
        <div className={styles.picker}>
          <SearchLine value={query} onChange={setQuery} testId="search-template" />
          <div
            id={listId}
            role="radiogroup"
            aria-label={m.templates_title()}
            className={styles.choices}
          >
            {found.map(({ id, title }) => (
              <label key={id} className={styles.choice}>
                <input
                  type="radio"
                  name={listId}
                  checked={id === template?.id}
                  onChange={() => setChosen(id)}
                />
                {title}
              </label>
            ))}
          </div>
          <p className={styles.hint} role="status">
            {found.length === 0 ? m.templates_none_found() : m.template_preview()}
          </p>
          {template !== undefined && (
            <p className={styles.preview} data-testid="template-preview">
              {text}
            </p>
          )}
        </div>
      )}
    </Dialog>
  );
}
