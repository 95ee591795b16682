import { LensError } from "../../protocol/errors";
import type { Gate, Wait } from "./gate";
import { refused, TryAgain, type Asked } from "./refusal";

export interface RetryOptions {
  gate: Gate;
  wait: Wait;
  /** A number in 0..1 that differs from process to process, so that those a server turned away don't come back at once. */
  jitter: () => number;
  /** Tells the host's log that a server is waited for. */
  log: (line: string) => void;
}

const TRIES = 6;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Nobody sits in front of a progress bar for longer. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Makes a call until it works: waits as long as the server asks to, else 1, 2, 4, … seconds, up to half of it less.
 * @throws LensError "network" after six tries, or when the server asks for more than ten minutes
 */
export async function persist<T>(
  call: () => Promise<T>,
  asked: Asked,
  { gate, wait, jitter, log }: RetryOptions,
  signal: AbortSignal,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await gate.through(call, signal);
    } catch (error) {
      if (error instanceof LensError || !(error instanceof TryAgain)) throw error;
      if (tries === TRIES) throw refused(asked, `${error.message}, also at the ${TRIES}th try; try again later`, error);
      const asks = error.waitMs;
      if (asks !== null && asks > PATIENCE_MS) {
        throw refused(
          asked,
          `${error.message} and asks to wait ${Math.ceil(asks / 60_000)} minutes; try again then`,
          error,
        );
      }
      const usual = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
      const pause = asks === null ? usual * (1 - jitter() / 2) : asks + jitter() * FIRST_WAIT_MS;
      if (error.crowded) gate.crowded(pause);
      log(`${asked.host}: ${error.message}; the next try in ${(pause / 1000).toFixed(1)} s`);
      await wait(pause, signal);
    }
  }
}
