import { cancelled } from "../../protocol/errors";

/** Calls on their way at once, at first and at most. */
const FIRST = 4;
const MOST = 8;

/**
 * How many calls one server gets at once: one more for each round that went well, half as many when it is too much for it
 * (additive increase, multiplicative decrease; Chiu and Jain 1989). When it asks to wait, all wait.
 */
export class Gate {
  private limit = FIRST;
  private inside = 0;
  private closedUntil = 0;
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly wait: Wait,
    private readonly now: () => number = Date.now,
  ) {}

  /** Runs `call` when there is room. @throws LensError "cancelled" when the signal is aborted before it has begun */
  async through<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.enter(signal);
    try {
      const answer = await call();
      this.limit = Math.min(MOST, this.limit + 1 / this.limit);
      return answer;
    } finally {
      this.inside--;
      for (const wake of this.waiting) wake();
    }
  }

  /** The server has had enough for now. */
  crowded(waitMs: number): void {
    this.limit = Math.max(1, this.limit / 2);
    this.closedUntil = Math.max(this.closedUntil, this.now() + waitMs);
  }

  private async enter(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (signal.aborted) throw cancelled();
      const rest = this.closedUntil - this.now();
      if (rest > 0) await this.wait(rest, signal);
      else if (this.inside < Math.floor(this.limit)) break;
      else await this.change(signal);
    }
    this.inside++;
  }

  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }
}

/** Waits so many milliseconds. @throws LensError "cancelled" as soon as the signal is aborted */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;
