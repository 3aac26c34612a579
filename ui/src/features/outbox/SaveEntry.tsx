import { Download } from 'lucide-react';
import type { OutboxEntry } from '../../generated/rpc';
import { plainDate } from '../../i18n/format';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import { useWrite } from '../../shared/rpc/queries';
import { steps } from './steps';

type SaveEntryProps = {
  entry: OutboxEntry;
  /** What the entry is, in words. */
  kind: string;
};

/** Saves what an entry holds outside the program: the way out for what cannot be sent. */
export function SaveEntry({ entry, kind }: SaveEntryProps) {
  const { locale } = useLocale();
  const toast = useToast();
  const save = useWrite('outbox.save');

  function saveCopy(): void {
    const { number, written_at } = entry;
    const heading = [
      `${kind}: ${entry.subject}`,
      ...(number === null ? [] : [`${m.case_number()}: ${number}`]),
      ...steps(entry, locale).map(({ text }) => text),
    ];
    // A registry number may hold what no file's name may.
    const name = [kind, number?.replace(/[\\/:]/g, '-'), plainDate(written_at)];
    const asked = {
      command: entry.command,
      name: `${name.filter((each) => each !== undefined).join(' ')}.txt`,
      text: `${heading.join('\n')}\n\n${entry.text}\n`,
    };
    save.mutate(asked, {
      onSuccess: ({ saved }) => {
        if (saved) {
          toast({ text: () => m.outbox_copy_saved() });
        }
      },
      onError: (fault) => toast({ text: () => faultText(fault) }),
    });
  }

  return (
    <Button
      look="quiet"
      aria-label={m.outbox_save_label({ kind, subject: entry.subject })}
      isPending={save.isPending}
      onPress={saveCopy}
      data-testid="save-entry"
    >
      <Download size={15} aria-hidden />
      {m.outbox_save()}
    </Button>
  );
}
