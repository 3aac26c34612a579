import { useQueryClient } from '@tanstack/react-query';
import { FilePlus2, FileText, Pencil, SearchX, Trash2 } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { TemplateBody, TemplateList, TemplateView } from '../../generated/rpc';
import { plainDate } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { type RpcFault, toFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { ChangedMeanwhile } from '../../shared/components/ChangedMeanwhile';
import { Dialog } from '../../shared/components/Dialog';
import { EmptyState } from '../../shared/components/EmptyState';
import { FaultView } from '../../shared/components/FaultView';
import { Loading } from '../../shared/components/Loading';
import { Notice } from '../../shared/components/Notice';
import { SelectField } from '../../shared/components/SelectField';
import { StateChip } from '../../shared/components/StateChip';
import type { SaveContent } from '../../shared/drafts/drafts';
import { useDrafts, useOpened } from '../../shared/drafts/drafts-context';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { rejectionText } from '../../shared/errors/rejections';
import { usePlatform } from '../../shared/rpc/platform-context';
import { keepInCache, useRead } from '../../shared/rpc/queries';
import { matchingTemplates } from './matching-templates';
import { SearchLine } from './SearchLine';
import { TemplateForm } from './TemplateForm';
import styles from './Templates.module.css';

const ALL = { case: null };

/** The texts that a body's officers keep for their messages and letters. */
export default function TemplatesView() {
  const drafts = useDrafts();
  const { locale } = useLocale();
  const { data, error, refetch } = useRead('templates.list', ALL);
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const bodies = data?.bodies ?? [];
  const body =
    bodies.find(({ id }) => id === chosen) ??
    bodies.find(({ draft }) => draft !== null) ??
    bodies[0];
  const own = useMemo(
    () => (data?.templates ?? []).filter((template) => template.body === body?.id),
    [data, body?.id],
  );
  const found = useMemo(() => matchingTemplates(own, query), [own, query]);
  const newKey = `template/${body?.id}`;
  const hasDraft = body?.draft != null && body.draft.title + body.draft.text !== '';
  const isNew = useOpened(newKey) || hasDraft;
  return (
    <div className={styles.view} data-scroller>
      <div className={styles.column}>
        <header className={styles.head}>
          <div>
            <h1 tabIndex={-1}>{m.templates_title()}</h1>
            <p className={styles.hint}>{m.templates_shared()}</p>
          </div>
          {!isNew && body !== undefined && (
            <Button
              look="primary"
              onPress={() => drafts.setOpened(newKey, true)}
              data-testid="new-template"
            >
              <FilePlus2 size={15} aria-hidden />
              {m.template_new()}
            </Button>
          )}
        </header>
        {data === undefined &&
          (error === null ? (
            <Loading />
          ) : (
            <FaultView fault={error} onRetry={() => void refetch()} />
          ))}
        {body !== undefined && bodies.length > 1 && (
          <SelectField
            label={m.templates_body()}
            choices={bodies.map(({ id, name }) => ({ id, name: name?.[locale] ?? id }))}
            selected={body.id}
            onSelect={setChosen}
            testId="templates-body"
          />
        )}
        {data !== undefined && body !== undefined && isNew && (
          <NewTemplate key={body.id} body={body} list={data} />
        )}
        {own.length > 0 && (
          <SearchLine value={query} onChange={setQuery} testId="templates-search" />
        )}
        {data !== undefined && own.length === 0 && !isNew && (
          <EmptyState icon={FileText} title={m.templates_empty()} hint={m.templates_empty_hint()} />
        )}
        {own.length > 0 && found.length === 0 && (
          <EmptyState icon={SearchX} title={m.templates_none_found()} />
        )}
        {data !== undefined && found.length > 0 && (
          <ul className={styles.list} aria-label={m.templates_title()}>
            {found.map((template) => (
              <Template key={template.id} template={template} list={data} />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function NewTemplate({ body, list }: { body: TemplateBody; list: TemplateList }) {
  const platform = usePlatform();
  const client = useQueryClient();
  const drafts = useDrafts();
  const key = `template/${body.id}`;
  const save = useCallback<SaveContent>(
    async ({ text, type }) => {
      const draft = { title: type, text };
      await platform.call('templates.save', { body: body.id, ...draft });
      await keepInCache(client, 'templates.list', ALL, (old) => ({
        ...old,
        bodies: old.bodies.map((each) => (each.id === body.id ? { ...each, draft } : each)),
      }));
    },
    [platform, client, body.id],
  );
  return (
    <TemplateForm
      draftKey={key}
      title={m.template_new()}
      stored={body.draft ?? { title: '', text: '' }}
      save={save}
      list={list}
      onSend={(content) => platform.call('templates.write', { body: body.id, ...content })}
      onDiscard={() => platform.call('templates.discard', { template: body.id })}
      onClose={() => drafts.setOpened(key, false)}
    />
  );
}

type ChangeTemplateProps = { template: TemplateView; list: TemplateList; onClose: () => void };

/** What a colleague has changed since this was begun is shown before it is written over. */
function ChangeTemplate({ template, list, onClose }: ChangeTemplateProps) {
  const platform = usePlatform();
  const client = useQueryClient();
  const { id } = template;
  const [changes, setChanges] = useState(
    template.draft === null ? template.changes : template.begun_from,
  );
  const save = useCallback<SaveContent>(
    async ({ text, type }) => {
      const draft = { title: type, text };
      await platform.call('templates.change_save', { template: id, changes, ...draft });
      await keepInCache(client, 'templates.list', ALL, (old) => ({
        ...old,
        templates: old.templates.map((each) =>
          each.id === id ? { ...each, begun_from: changes, draft } : each,
        ),
      }));
    },
    [platform, client, id, changes],
  );
  return (
    <>
      {template.changes !== changes && (
        <ChangedMeanwhile
          told={m.template_changed_meanwhile({ name: template.by })}
          text={template.text}
          onRead={() => setChanges(template.changes)}
          testId="template"
        />
      )}
      <TemplateForm
        draftKey={`template/${id}`}
        title={m.template_change_title({ title: template.title })}
        stored={template.draft ?? template}
        save={save}
        list={list}
        onSend={(content) =>
          platform.call('templates.change', { template: id, changes, ...content })
        }
        onDiscard={() => platform.call('templates.discard', { template: id })}
        onClose={onClose}
      />
    </>
  );
}

function Template({ template, list }: { template: TemplateView; list: TemplateList }) {
  const platform = usePlatform();
  const drafts = useDrafts();
  const key = `template/${template.id}`;
  const isOpen = useOpened(key) || template.draft !== null;
  const [isAsking, setAsking] = useState(false);
  const [fault, setFault] = useState<RpcFault | null>(null);
  const opener = useRef<HTMLButtonElement>(null);

  async function remove(): Promise<void> {
    setAsking(false);
    setFault(null);
    try {
      await platform.call('templates.remove', { template: template.id });
    } catch (thrown) {
      setFault(toFault(thrown));
    }
  }

  if (isOpen) {
    return (
      <li className={styles.template}>
        <ChangeTemplate
          template={template}
          list={list}
          onClose={() => {
            drafts.setOpened(key, false);
            requestAnimationFrame(() => opener.current?.focus());
          }}
        />
      </li>
    );
  }
  return (
    <li className={styles.template} data-testid="template" data-state={template.state}>
      <div className={styles.top}>
        <h2 className={styles.name}>{template.title}</h2>
        {template.state !== 'received' && <StateChip state={template.state} />}
        <span className={styles.acts}>
          <Button
            ref={opener}
            size="icon"
            look="quiet"
            aria-label={m.template_change_label({ title: template.title })}
            onPress={() => drafts.setOpened(key, true)}
            data-testid="change-template"
          >
            <Pencil size={15} aria-hidden />
          </Button>
          <Button
            size="icon"
            look="quiet"
            aria-label={m.template_remove_label({ title: template.title })}
            onPress={() => setAsking(true)}
            data-testid="remove-template"
          >
            <Trash2 size={15} aria-hidden />
          </Button>
        </span>
      </div>
      <p className={styles.text}>{template.text}</p>
      <p className={styles.hint}>
        {m.template_by({ name: template.by, date: plainDate(template.at) })}
      </p>
      {template.reason !== null && <p className={styles.bad}>{rejectionText(template.reason)}</p>}
      {fault !== null && (
        <Notice severity={FAULTS[fault.code]?.severity ?? 'error'}>{faultText(fault)}</Notice>
      )}
      {isAsking && (
        <Dialog
          isOpen
          onClose={() => setAsking(false)}
          title={m.template_remove_title({ title: template.title })}
          role="alertdialog"
          actions={
            <>
              <Button onPress={() => setAsking(false)}>{m.message_cancel()}</Button>
              <Button
                look="danger"
                autoFocus
                onPress={() => void remove()}
                data-testid="confirm-remove-template"
              >
                {m.notes_remove()}
              </Button>
            </>
          }
        >
          <p>{m.template_remove_text()}</p>
        </Dialog>
      )}
    </li>
  );
}
