/** How far a case has come, in words and with a mark. */
import { CircleCheck, CircleX, Clock, Hourglass, type LucideIcon, Undo2 } from 'lucide-react';
import type { CaseView } from '../generated/rpc';
import { m } from '../i18n/paraglide/messages.js';

type Told = { text: string; icon: LucideIcon; tone: 'ok' | 'bad' | 'info' | 'warn' | 'none' };

/** A case that nobody has taken waits; one that somebody has is being processed (KW-24). */
export function stageOf({ stage, officer }: Pick<CaseView, 'stage' | 'officer'>): Told {
  switch (stage) {
    case 'application':
      return officer === null
        ? { text: m.stage_waiting(), icon: Hourglass, tone: 'warn' }
        : { text: m.stage_handled(), icon: Clock, tone: 'info' };
    case 'granted':
      return { text: m.stage_granted(), icon: CircleCheck, tone: 'ok' };
    case 'refused':
      return { text: m.stage_refused(), icon: CircleX, tone: 'bad' };
    case 'withdrawn':
      return { text: m.stage_withdrawn(), icon: Undo2, tone: 'none' };
  }
}
