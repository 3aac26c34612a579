import { useQuery } from '@tanstack/react-query';
import { History, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';
import type { DraftPlace, DraftVersion } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import type { Result, RpcFault } from '../../platform';
import { Button } from '../../shared/components/Button';
import { Chip } from '../../shared/components/Chip';
import { FaultView } from '../../shared/components/FaultView';
import { usePlatform } from '../../shared/rpc/platform-context';
import { queryKey } from '../../shared/rpc/queries';
import styles from './DraftHistory.module.css';
import { versionTimes, withoutRepeats } from './versions';

type DraftHistoryProps = {
  place: DraftPlace;
  /** What stands in the field. */
  text: string;
  onRestore: (version: DraftVersion) => Promise<void>;
};

/** What the text has been before, and a way back to it. */
export function DraftHistory({ place, text, onRestore }: DraftHistoryProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button look="quiet" size="small" data-testid="draft-history">
        <History size={15} aria-hidden />
        {m.history_open()}
      </Button>
      <Popover className={styles.popover ?? ''} placement="bottom end">
        <Dialog className={styles.panel ?? ''}>
          <Heading slot="title" level={3} className={styles.title ?? ''}>
            {m.history_title()}
          </Heading>
          <Versions
            place={place}
            text={text}
            onRestore={async (version) => {
              setOpen(false);
              await onRestore(version);
            }}
          />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function Versions({ place, text, onRestore }: DraftHistoryProps) {
  const platform = usePlatform();
  const { locale } = useLocale();
  // Asked anew each time the panel opens: the core announces no change for what is being written.
  const { data, error, refetch } = useQuery<Result<'messages.draft_history'>, RpcFault>({
    queryKey: queryKey('messages.draft_history', place),
    queryFn: () => platform.call('messages.draft_history', place),
    staleTime: 0,
    gcTime: 0,
  });
  if (error !== null) {
    return <FaultView fault={error} onRetry={() => void refetch()} />;
  }
  if (data === undefined) {
    // At once: a box with a title alone would look as if nothing had been written before.
    return <p className={styles.empty}>{m.loading()}</p>;
  }
  const versions = withoutRepeats(data, text);
  const times = versionTimes(versions, locale);
  if (versions.length === 0) {
    return <p className={styles.empty}>{m.history_empty()}</p>;
  }
  return (
    <ul className={styles.list} aria-label={m.history_title()}>
      {versions.map((version, index) => {
        const time = times[index] ?? '';
        return (
          <li key={version.version} className={styles.version} data-testid="draft-version">
            <div className={styles.head}>
              <time dateTime={version.saved_at}>{time}</time>
              {version.discarded && (
                <Chip tone="none" icon={Trash2}>
                  {m.history_discarded()}
                </Chip>
              )}
            </div>
            <p className={styles.text}>{version.text}</p>
            <Button
              size="small"
              className={styles.restore}
              aria-label={m.history_restore_label({ time })}
              onPress={() => void onRestore(version)}
              data-testid="restore-draft"
            >
              <RotateCcw size={14} aria-hidden />
              {m.history_restore()}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
