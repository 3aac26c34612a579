import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import type { Saved } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { toFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';

type SaveCopyProps = { label: string; save: () => Promise<Saved>; testId: string };

/** Saves what an entry holds outside the program: the way out for what cannot be sent. */
export function SaveCopy({ label, save, testId }: SaveCopyProps) {
  const toast = useToast();
  const saving = useMutation({
    mutationFn: save,
    onSuccess: ({ saved }) => {
      if (saved) {
        toast({ text: () => m.outbox_copy_saved() });
      }
    },
    onError: (thrown) => {
      const fault = toFault(thrown);
      toast({ text: () => faultText(fault) });
    },
  });
  return (
    <Button
      look="quiet"
      aria-label={label}
      isPending={saving.isPending}
      onPress={() => saving.mutate()}
      data-testid={testId}
    >
      <Download size={15} aria-hidden />
      {m.outbox_save()}
    </Button>
  );
}
