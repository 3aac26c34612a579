import { useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { Dialog } from '../../shared/components/Dialog';
import { Notice } from '../../shared/components/Notice';
import { SecretField } from '../../shared/components/SecretField';
import { useToast } from '../../shared/components/Toasts';
import { FAULTS, faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import styles from './Session.module.css';
import { checkNewWord, wordTexts } from './word';

type ChangeWordDialogProps = { keyring: boolean; onClose: () => void };

/** Another PIN or passphrase, for whoever knows the one that holds now. */
export function ChangeWordDialog({ keyring, onClose }: ChangeWordDialogProps) {
  return (
    <Dialog isOpen onClose={onClose} title={wordTexts(keyring).change()}>
      <ChangeWordForm keyring={keyring} onClose={onClose} />
    </Dialog>
  );
}

type Errors = { current?: (() => string) | undefined; next?: (() => string) | undefined };

function ChangeWordForm({ keyring, onClose }: ChangeWordDialogProps) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [errors, setErrors] = useState<Errors>({});
  const currentField = useRef<HTMLInputElement>(null);
  const nextField = useRef<HTMLInputElement>(null);
  const change = useWrite('session.change_passphrase');
  const toast = useToast();
  const texts = wordTexts(keyring);

  function edited(): void {
    setErrors({});
    if (change.isError) {
      change.reset();
    }
  }

  function submit(): void {
    if (change.isPending) {
      return;
    }
    const found: Errors = {
      current: current === '' ? texts.need : undefined,
      next: checkNewWord(next, keyring),
    };
    setErrors(found);
    const wrong = found.current ? currentField : found.next ? nextField : null;
    if (wrong !== null) {
      wrong.current?.focus();
      return;
    }
    change.mutate(
      { current, new: next },
      {
        onSuccess: () => {
          onClose();
          toast({ text: texts.changed });
        },
        onError: () => currentField.current?.select(),
      },
    );
  }

  const refused = change.error !== null && FAULTS[change.error.code]?.field === 'passphrase';
  return (
    <Form
      className={styles.form ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <SecretField
        ref={currentField}
        label={texts.currentLabel()}
        error={errors.current?.() ?? (refused ? '' : null)}
        value={current}
        onChange={(value) => {
          setCurrent(value);
          edited();
        }}
        name="current"
        autoComplete="current-password"
        showLabel={texts.show()}
        hideLabel={texts.hide()}
        testId="current-passphrase"
        autoFocus
      />
      <SecretField
        ref={nextField}
        label={texts.newLabel()}
        hint={texts.newHint()}
        error={errors.next?.() ?? null}
        value={next}
        onChange={(value) => {
          setNext(value);
          edited();
        }}
        name="new"
        autoComplete="new-password"
        showLabel={texts.show()}
        hideLabel={texts.hide()}
        testId="new-passphrase"
      />
      {change.error !== null && (
        <Notice severity={FAULTS[change.error.code]?.severity ?? 'error'}>
          {faultText(change.error)}
        </Notice>
      )}
      <div className={styles.actions}>
        <Button
          type="submit"
          look="primary"
          isPending={change.isPending}
          data-testid="change-passphrase"
        >
          {texts.change()}
        </Button>
        <Button onPress={onClose}>{m.signin_cancel()}</Button>
      </div>
    </Form>
  );
}
