import { useState } from 'react';
import { m } from '../../i18n/paraglide/messages.js';
import { AreaField } from '../../shared/components/AreaField';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { Notice } from '../../shared/components/Notice';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Services.module.css';

/** What an address can hold everywhere. */
const MAX = 1_500;

type FeedbackProps = {
  address: string;
  /** What helps support, below the person's own words; they see it and can take it away. */
  facts: string;
  onClose: () => void;
};

/** The person writes, sees all of it, and sends it by their own mail program. */
export function Feedback({ address, facts, onClose }: FeedbackProps) {
  const [text, setText] = useState(`\n\n${facts}`);
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
          <Button onPress={() => void copy()}>{m.feedback_copy()}</Button>
          <Button
            look="primary"
            isPending={mail.isPending}
            isDisabled={text.length > MAX}
            onPress={() =>
              mail.mutate(
                { to: address, subject: m.feedback_subject(), text },
                { onSuccess: onClose },
              )
            }
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
        onChange={setText}
        onBlur={() => {}}
        testId="feedback-text"
      />
      {mail.error !== null && <Notice severity="error">{faultText(mail.error)}</Notice>}
    </Dialog>
  );
}
