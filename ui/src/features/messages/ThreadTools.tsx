import { Copy, Ellipsis, Printer, Reply } from 'lucide-react';
import { useState } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { MessageList, ThreadView } from '../../generated/rpc';
import { useLocale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { Button } from '../../shared/components/Button';
import { useToast } from '../../shared/components/Toasts';
import { PrintedThread } from './PrintedThread';
import styles from './Thread.module.css';
import { threadText } from './thread-text';

type ThreadToolsProps = { thread: ThreadView; list: MessageList; onReply: () => void };

/** Answering, and taking the conversation along: as text or on paper. */
export function ThreadTools({ thread, list, onReply }: ThreadToolsProps) {
  const { locale } = useLocale();
  const toast = useToast();
  const [printing, setPrinting] = useState(false);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(threadText(thread, list, locale));
      toast({ text: () => m.thread_copied() });
    } catch {
      toast({ text: () => m.thread_not_copied() });
    }
  }

  return (
    <>
      <MenuTrigger>
        <Button look="quiet" size="small" aria-label={m.thread_menu()} data-testid="thread-menu">
          <Ellipsis size={16} aria-hidden />
        </Button>
        <Popover className={styles.menuPopover ?? ''} placement="bottom end">
          <Menu className={styles.menu ?? ''} aria-label={m.thread_menu()}>
            <MenuItem className={styles.menuItem ?? ''} onAction={() => void copy()}>
              <Copy size={15} aria-hidden />
              {m.thread_copy()}
            </MenuItem>
            <MenuItem className={styles.menuItem ?? ''} onAction={() => setPrinting(true)}>
              <Printer size={15} aria-hidden />
              {m.thread_print()}
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      {canBeAnswered(thread) && (
        <Button look="quiet" size="small" onPress={onReply} data-testid="reply" data-reply>
          <Reply size={16} aria-hidden />
          {m.message_reply()}
        </Button>
      )}
      {printing && <PrintedThread thread={thread} list={list} onDone={() => setPrinting(false)} />}
    </>
  );
}

/** What the server refused, or has not been able to take, began no conversation there. */
function canBeAnswered(thread: ThreadView): boolean {
  const first = thread.messages.at(-1);
  return first !== undefined && first.state !== 'refused' && first.state !== 'stuck';
}
