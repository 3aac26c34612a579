import { FileDown } from 'lucide-react';
import type { RowView } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { toFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { useToast } from '../../shared/components/Toasts';
import { faultText } from '../../shared/errors/faults';
import { usePlatform } from '../../shared/rpc/platform-context';
import { useWrite } from '../../shared/rpc/queries';

/** "Hämta mall", at the far right of its row (KW-85). Works without a line. */
export function TemplateButton({ caseId, row }: { caseId: string; row: RowView }) {
  const { locale } = useLocale();
  const platform = usePlatform();
  const toast = useToast();
  const write = useWrite('documents.template_save');
  const { template } = row;
  if (template === null) {
    return null;
  }
  const name = template[locale];

  function tell(thrown: unknown): void {
    const fault = toFault(thrown);
    toast({ text: () => faultText(fault) });
  }

  return (
    <Button
      size="small"
      isPending={write.isPending}
      aria-label={m.row_template_label({ name: row.name[locale] })}
      onPress={() =>
        write.mutate(
          { case: caseId, row: row.id, english: locale === 'en' },
          {
            onSuccess: ({ saved }) => {
              if (saved) {
                toast({
                  text: () => m.template_saved({ name }),
                  onOpen: () => void platform.call('documents.template_open', {}).catch(tell),
                });
              }
            },
            onError: tell,
          },
        )
      }
      data-testid="template"
    >
      <FileDown size={14} aria-hidden />
      {m.row_template()}
    </Button>
  );
}
