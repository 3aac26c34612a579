import { useCallback, useEffect, useState } from 'react';
import { m } from '../i18n/paraglide/messages.js';
import { Button } from '../shared/components/Button';
import { Dialog } from '../shared/components/Dialog';
import { Notice } from '../shared/components/Notice';
import { useDrafts, useUnsaved } from '../shared/drafts/drafts-context';
import { faultText } from '../shared/errors/faults';
import { usePlatform } from '../shared/rpc/platform-context';
import { useClosing } from './use-closing';

/** Within the shell's own patience, which ends at three seconds. */
const PATIENCE_MS = 2_000;

type ClosingProps = {
  /** Whether the program is open: else nothing can be saved before it has been unlocked. */
  isOpen: boolean;
};

/** Saves what is being written when the window closes, and asks what to do with what cannot be saved. */
export function Closing({ isOpen }: ClosingProps) {
  const platform = usePlatform();
  const drafts = useDrafts();
  const unsaved = useUnsaved();
  const [asking, setAsking] = useState(false);
  const [saving, setSaving] = useState(false);
  const [inVain, setInVain] = useState(false);

  useClosing(async () => {
    if (asking) {
      return false;
    }
    const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), PATIENCE_MS));
    const saved = await Promise.race([drafts.flushAll(), late]);
    setInVain(false);
    setAsking(!saved);
    return saved;
  });

  const close = useCallback(
    () => void platform.call('shell.close', {}).catch(() => {}),
    [platform],
  );

  // Saved after all, by itself or by another try: it was asked to close.
  const isDone = asking && unsaved === null;
  useEffect(() => {
    if (isDone) {
      close();
    }
  }, [isDone, close]);

  async function tryAgain(): Promise<void> {
    setSaving(true);
    setInVain(false);
    setInVain(!(await drafts.flushAll()));
    setSaving(false);
  }

  const fault = unsaved?.fault ?? null;
  const whyOpen = fault === null ? m.closing_slow() : faultText(fault);
  return (
    <Dialog
      isOpen={asking}
      onClose={() => setAsking(false)}
      title={m.closing_title()}
      role="alertdialog"
      actions={
        <>
          <Button look="danger" onPress={close} data-testid="close-anyway">
            {m.closing_anyway()}
          </Button>
          {isOpen && (
            <Button isPending={saving} onPress={() => void tryAgain()} data-testid="close-retry">
              {saving ? m.closing_saving() : m.retry()}
            </Button>
          )}
          <Button
            look="primary"
            onPress={() => setAsking(false)}
            autoFocus
            data-testid="close-stay"
          >
            {isOpen ? m.draft_continue() : m.unlock_submit()}
          </Button>
        </>
      }
    >
      <p>{isOpen ? whyOpen : m.unlock_unsaved()}</p>
      <p>{m.closing_lost()}</p>
      {inVain && <Notice severity="error">{m.closing_in_vain()}</Notice>}
    </Dialog>
  );
}
