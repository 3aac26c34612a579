/** Where in the window something stands, for whoever leads there. */
import type { PlaceView } from '../generated/rpc';

export type Goto = {
  /** The case; null if it is in none. */
  caseId: string | null;
  place: PlaceView;
  /** What was looked for, to be shown marked where that can be done. */
  words?: string;
};

export type OnGo = (to: Goto) => void;
