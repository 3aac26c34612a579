import type { Progress } from '../generated/rpc';

/** What is smaller has come through before anybody has read how far it is. */
const WORTH_BYTES = 1_000_000;

/** Whether it says something to anybody how much of a file has gone or come. */
export function isWorthTelling({ done, total }: Progress): boolean {
  return done > 0 && total >= WORTH_BYTES;
}
