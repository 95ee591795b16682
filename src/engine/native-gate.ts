import { setTimeout } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { cancelled } from "../protocol/errors";

/** The two numbers that a thread and whoever may end it share. */
const STOP = 0;
const INSIDE = 1;
const LOOK_EVERY_MS = 3;

/**
 * The door to native code of one thread. onnxruntime's binding aborts the whole process when its thread is ended during
 * a call ("terminate called after throwing an instance of 'Napi::Error'"), so a thread is only ended while it is outside.
 */
export class NativeGate {
  readonly state = new Int32Array(new SharedArrayBuffer(8));

  /** Lets the thread in no more; answers when it is outside, or after `patience` ms. */
  async close(patience: number): Promise<void> {
    Atomics.store(this.state, STOP, 1);
    const end = performance.now() + patience;
    while (Atomics.load(this.state, INSIDE) > 0 && performance.now() < end) await setTimeout(LOOK_EVERY_MS);
  }
}

export interface GateData {
  gate: Int32Array;
}

const own = isGateData(workerData) ? workerData.gate : null;

function isGateData(data: unknown): data is GateData {
  return typeof data === "object" && data !== null && "gate" in data;
}

/**
 * Does native work that must not be interrupted. Keep it short: a cancel waits for it.
 * @throws LensError "cancelled" when the thread is about to be ended
 */
export async function insideNative<T>(work: () => Promise<T>): Promise<T> {
  if (!own) return work();
  Atomics.add(own, INSIDE, 1);
  try {
    if (Atomics.load(own, STOP) === 1) throw cancelled();
    return await work();
  } finally {
    Atomics.sub(own, INSIDE, 1);
  }
}

/** The session, with every run inside the gate. */
export function gated<S extends { run(...args: never[]): Promise<unknown> }>(session: S): S {
  const run = session.run.bind(session) as (...args: unknown[]) => Promise<unknown>;
  session.run = (...args: unknown[]) => insideNative(() => run(...args));
  return session;
}
