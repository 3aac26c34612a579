/** How a message came about, in words, and what it says if it has no text of its own. */
import {
  CircleCheckBig,
  Gavel,
  type LucideIcon,
  MessageSquareWarning,
  Settings2,
} from 'lucide-react';
import type { MessageList, MessageOrigin, MessageView, ThreadView } from '../../generated/rpc';
import type { Locale } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import type { Tone } from '../../shared/components/Chip';
import { typeName } from './places';

type Look = { tone: Tone; icon: LucideIcon; word: () => string };

export const ORIGINS: Record<Exclude<MessageOrigin, 'written'>, Look> = {
  decision: { tone: 'info', icon: Gavel, word: () => m.origin_decision() },
  completion: { tone: 'warn', icon: MessageSquareWarning, word: () => m.origin_completion() },
  ready: { tone: 'ok', icon: CircleCheckBig, word: () => m.origin_ready() },
  automatic: { tone: 'none', icon: Settings2, word: () => m.origin_automatic() },
};

/** What a message says. */
export function textOf({ origin, text }: MessageView): string {
  return origin === 'ready' && text === '' ? m.origin_ready_text() : text;
}

/** What a conversation is called: after its type, or after how it came about. */
export function threadName(thread: ThreadView, list: MessageList, locale: Locale): string {
  const first = thread.messages.at(-1);
  return first === undefined || first.origin === 'written'
    ? typeName(list, thread.message_type, locale)
    : ORIGINS[first.origin].word();
}
