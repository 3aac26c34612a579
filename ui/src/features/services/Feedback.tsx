import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { ServiceView } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { AreaField } from '../../shared/components/AreaField';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { Notice } from '../../shared/components/Notice';
import { useToast } from '../../shared/components/Toasts';
import type { SaveContent } from '../../shared/drafts/drafts';
import { useDraftField } from '../../shared/drafts/drafts-context';
import { faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { keepInCache, useWrite } from '../../shared/rpc/queries';
import { lengthOf } from '../../shared/text-length';
import styles from './Services.module.css';

/** What an address can hold everywhere. */
const MAX = 1_500;

type FeedbackProps = {
  service: ServiceView;
  /** What helps support, below the person's own words; they see it and can take it away. */
  facts: string;
  onClose: () => void;
};

/** The name of what is being written to a service, in the window. */
function feedbackKey(service: ServiceView): string {
  return `feedback/${service.id}`;
}

/**
 * The person writes, sees all of it, and sends it by their own mail program. Whether that was done is not known
 * here, so what was written stays until they start over.
 */
export function Feedback({ service, facts, onClose }: FeedbackProps) {
  const { id, support_email: address } = service;
  const platform = usePlatform();
  const client = useQueryClient();
  const [first] = useState(`\n\n${facts}`);
  const save = useCallback<SaveContent>(
    async ({ text: feedback }) => {
      await platform.call('services.feedback_save', { service: id, text: feedback });
      await keepInCache(client, 'services.list', {}, (old) => ({
        ...old,
        services: old.services.map((each) => (each.id === id ? { ...each, feedback } : each)),
      }));
    },
    [platform, client, id],
  );
  const stored = { text: service.feedback === '' ? first : service.feedback, type: '' };
  const { draft, write, flush } = useDraftField(feedbackKey(service), stored, save);
  const { text } = draft;
  const toast = useToast();
  const mail = useWrite('services.feedback');

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      toast({ text: () => m.feedback_copied() });
    } catch {
      toast({ text: () => m.feedback_not_copied() });
    }
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={m.feedback_title()}
      actions={
        <>
          <Button onPress={onClose}>{m.close()}</Button>
          {text !== first && (
            <Button
              onPress={() => {
                write({ text: '', type: '' });
                onClose();
              }}
              data-testid="feedback-restart"
            >
              {m.feedback_restart()}
            </Button>
          )}
          <Button onPress={() => void copy()}>{m.feedback_copy()}</Button>
          <Button
            look="primary"
            isPending={mail.isPending}
            isDisabled={lengthOf(text) > MAX}
            onPress={() => mail.mutate({ to: address, subject: m.feedback_subject(), text })}
            data-testid="feedback-mail"
          >
            {m.feedback_mail()}
          </Button>
        </>
      }
    >
      <p>{m.feedback_lead()}</p>
      <p className={styles.way}>{m.feedback_to({ address })}</p>
      <AreaField
        label={m.feedback_text()}
        hint={m.feedback_hint()}
        text={text}
        max={MAX}
        rows={8}
        readOnly={false}
        onChange={(typed) => write({ text: typed, type: '' })}
        onBlur={() => void flush()}
        testId="feedback-text"
      />
      {draft.status === 'failed' && draft.fault !== null && (
        <Notice severity="error">{m.draft_failed({ reason: faultText(draft.fault) })}</Notice>
      )}
      {mail.isSuccess && <p role="status">{m.feedback_kept()}</p>}
      {mail.error !== null && <Notice severity="error">{faultText(mail.error)}</Notice>}
    </Dialog>
  );
}
