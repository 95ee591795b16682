// What work costs, for the benches of models, and the engine's threads that they run on.
import { readFileSync } from "node:fs";
import { Pool } from "../src/engine/pool";
import { bundle } from "./bundle";

/** Seconds. */
export interface Spent {
  /** By the clock. */
  wall: number;
  /** By the clock, but for the time that this thread stood in line for a processor: what a free core would have given. Linux alone knows. */
  free: number;
  /** Processor time of all threads. */
  cpu: number;
}

export async function spent(work: () => Promise<unknown>): Promise<Spent> {
  const [from, line, before] = [performance.now(), inLine(), process.cpuUsage()];
  await work();
  const wall = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { wall, free: wall - (inLine() - line), cpu: (user + system) / 1e6 };
}

/** Seconds that this thread has stood in line for a processor since it began. */
function inLine(): number {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[1]) / 1e9;
  } catch {
    return 0;
  }
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Several kinds of work in turns, `rounds` times, so that what else the machine does meets all alike. */
export async function inTurns<K extends string>(
  rounds: number,
  works: Record<K, () => Promise<unknown>>,
): Promise<Record<K, Spent>[]> {
  const times: Record<K, Spent>[] = [];
  for (let round = 0; round < rounds; round++) {
    const of: Partial<Record<K, Spent>> = {};
    for (const name of Object.keys(works) as K[]) of[name] = await spent(works[name]);
    times.push(of as Record<K, Spent>);
  }
  return times;
}

/** The engine's threads, built from the sources as they are shipped; packages are found from the project's folder. */
export function openPool(threads: number): Pool {
  return new Pool(bundle("src/engine/worker.ts", "worker"), threads, 2);
}
