import { cancelled } from "../../protocol/errors";

/** Lets one caller at a time work under a key, so that two runs of one job do not embed the same items twice. */
export class Locks {
  private readonly last = new Map<string, Promise<void>>();

  async with<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key);
    let release = (): void => undefined;
    const mine = new Promise<void>((resolve) => (release = resolve));
    const tail = (before ?? Promise.resolve()).then(() => mine);
    this.last.set(key, tail);
    try {
      if (before) await untilAborted(before, signal);
      return await work();
    } finally {
      release();
      if (this.last.get(key) === tail) this.last.delete(key);
    }
  }
}

/** Waits for a promise, but not longer than until the signal is aborted. @throws LensError "cancelled" */
async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw cancelled();
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(cancelled());
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
