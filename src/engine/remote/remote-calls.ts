import type { RemoteTexts, RemoteVectors, Sending } from "../../protocol/engine";
import { cancelled, LensError } from "../../protocol/errors";
import type { RunContext } from "../run/context";

/** Asks the host, which alone has the network, the keys and the user, on behalf of a run. */
export interface RemoteSource {
  confirm(sending: Sending, ctx: RunContext): Promise<boolean>;
  /** A cancelled call that is on its way is still answered. */
  embed(request: RemoteTexts, ctx: RunContext): Promise<RemoteVectors>;
}

/** Calls that wait for the host at once; the host lets through what the server can bear. */
const AT_ONCE = 8;

/** One call, and what becomes of its answer. */
export interface RemoteCall {
  /** What is sent, made when it is its turn; without texts no call is made. */
  request(): Promise<RemoteTexts>;
  /** Resolves when the answer is kept. */
  arrived: (vectors: RemoteVectors) => Promise<void>;
}

/** The calls of all runs to servers. */
export class RemoteCalls {
  /** Answers on their way with the model that gives them, also for runs that were cancelled since. */
  private readonly underway = new Map<Promise<void>, string>();

  constructor(private readonly source: RemoteSource | null) {}

  /** Waits for what earlier runs have paid for with a model: it is then found among the kept vectors. */
  async settled(model: string, { signal, onProgress }: Pick<RunContext, "signal" | "onProgress">): Promise<void> {
    const awaited = [...this.underway].flatMap(([call, by]) => (by === model ? call : []));
    if (awaited.length === 0) return;
    onProgress({ stage: "answers", done: 0, total: 0 });
    await orCancelled(Promise.allSettled(awaited), signal);
  }

  /**
   * Makes the calls after the person has agreed. A failed call ends the making of new ones; those on their way are awaited.
   * @throws LensError "cancelled", or that of the first call that failed
   */
  async make(calls: readonly RemoteCall[], sending: Sending, ctx: RunContext): Promise<void> {
    const { source } = this;
    if (source === null)
      throw new LensError("model", `${sending.name} runs on a server, which cannot be asked from here.`);
    if (!(await orCancelled(source.confirm(sending, ctx), ctx.signal))) throw cancelled();
    let next = 0;
    const failures: unknown[] = [];
    const line = async (): Promise<void> => {
      while (next < calls.length && failures.length === 0 && !ctx.signal.aborted) {
        const one = calls[next++]!;
        const call = one.request().then(async (asked) => {
          if (asked.texts.length > 0) await one.arrived(await source.embed(asked, ctx));
        });
        this.underway.set(call, sending.model);
        await call.catch((error: unknown) => failures.push(error));
        this.underway.delete(call);
      }
    };
    await orCancelled(Promise.all(Array.from({ length: AT_ONCE }, line)), ctx.signal);
    if (failures.length > 0) throw failures[0];
  }
}

/** What `work` gives, or "cancelled" as soon as the signal is aborted; the work itself goes on. */
async function orCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw cancelled();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(cancelled());
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
    work.catch(() => undefined);
  }
}
