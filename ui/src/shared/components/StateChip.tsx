import {
  ArrowUp,
  CircleAlert,
  CircleCheck,
  CircleX,
  Clock,
  type LucideIcon,
  SendHorizontal,
} from 'lucide-react';
import type { CommandState } from '../../generated/rpc';
import { m } from '../../i18n/paraglide/messages.js';
import { Chip, type Tone } from './Chip';

type Look = { tone: Tone; icon: LucideIcon; word: () => string };

/** The status line of everything that is sent. Queued must never look like done. */
const LOOKS: Record<CommandState, Look> = {
  queued: { tone: 'warn', icon: Clock, word: () => m.state_queued() },
  sent: { tone: 'info', icon: SendHorizontal, word: () => m.state_sent() },
  received: { tone: 'ok', icon: CircleCheck, word: () => m.state_received() },
  refused: { tone: 'bad', icon: CircleX, word: () => m.state_refused() },
  stuck: { tone: 'bad', icon: CircleAlert, word: () => m.state_stuck() },
};

/** On its way at this moment; only what is large is that for long enough to be seen. */
const MOVING: Look = { tone: 'info', icon: ArrowUp, word: () => m.state_sending() };

type StateChipProps = { state: CommandState; isMoving?: boolean };

export function StateChip({ state, isMoving = false }: StateChipProps) {
  const look = state === 'queued' && isMoving ? MOVING : LOOKS[state];
  return (
    <Chip tone={look.tone} icon={look.icon}>
      {look.word()}
    </Chip>
  );
}
