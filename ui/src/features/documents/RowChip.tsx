import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  Clock,
  Hourglass,
  type LucideIcon,
  MessageSquareWarning,
  RotateCcw,
} from 'lucide-react';
import { m } from '../../i18n/paraglide/messages.js';
import { Chip, type Tone } from '../../shared/components/Chip';
import type { RowStand } from './row-state';

type Look = { tone: Tone; icon: LucideIcon; word: () => string };

const LOOKS: Record<RowStand, Look> = {
  missing: { tone: 'bad', icon: CircleAlert, word: () => m.row_missing() },
  again: { tone: 'bad', icon: RotateCcw, word: () => m.row_again() },
  asked: { tone: 'bad', icon: MessageSquareWarning, word: () => m.row_asked() },
  explained: { tone: 'info', icon: Hourglass, word: () => m.row_explained() },
  leaving: { tone: 'warn', icon: Clock, word: () => m.row_leaving() },
  waiting: { tone: 'info', icon: Hourglass, word: () => m.row_waiting() },
  deciding: { tone: 'warn', icon: Clock, word: () => m.row_deciding() },
  accepted: { tone: 'ok', icon: CircleCheck, word: () => m.row_accepted() },
  optional: { tone: 'none', icon: CircleDashed, word: () => m.row_none() },
};

/** Where a row stands: icon, word and colour. `isMine`: the person is the officer who is waited for. */
export function RowChip({ stand, isMine }: { stand: RowStand; isMine: boolean }) {
  const look = LOOKS[stand];
  const isToReview = isMine && (stand === 'waiting' || stand === 'explained');
  const word = isToReview ? m.row_to_review : look.word;
  return (
    <Chip tone={look.tone} icon={look.icon}>
      {word()}
    </Chip>
  );
}
