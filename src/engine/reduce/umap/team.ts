import { Worker } from "node:worker_threads";
import type { Kernels, SimdMemory } from "../../simd/simd";
import { TABLE_BASE, TABLE_SIZE } from "./gradient";
import type { Sweep } from "./sweep";

/** What the threads of a team share, as places in one Int32Array. */
const ROUND = 0;
const NEXT = 1;
const END = 2;
const BUSY = 3;
const EPOCH = 4;
const LEFT = 5;
const SHARED = 6;

/** Looks at a number that will change soon before a thread goes to sleep. */
const SPINS = 2_000;

/** The arguments of a sweep kernel by block, as a thread needs them. */
interface Orders {
  kernel: "sweep2" | "sweep3";
  /** Up to `next`, and from `positions` to `size`. */
  edges: [number, number, number, number];
  rest: [number, number, number, number, number, number, number];
  start: Int32Array;
  random: Int32Array;
  epochs: number;
  control: Int32Array;
}

/**
 * Threads that sweep the blocks of a round together. Who takes which block is left to chance: blocks of a round share no
 * item and each has a generator of its own, so the result is the same.
 */
export class Team {
  private readonly orders: Orders;
  private readonly sweep: Kernels["sweep2"];
  private readonly helpers: Worker[] = [];

  /** @param threads all in all, this one included */
  constructor(state: Sweep, module: WebAssembly.Module, memory: SimdMemory, threads: number) {
    const { head, tail, interval, next, positions, pushers, count, pull, push, start, random, epochs, dims } = state;
    this.orders = {
      kernel: dims === 2 ? "sweep2" : "sweep3",
      edges: [head.byteOffset, tail.byteOffset, interval.byteOffset, next.byteOffset],
      rest: [positions.byteOffset, pushers.byteOffset, count, pull.byteOffset, push.byteOffset, TABLE_BASE, TABLE_SIZE],
      start,
      random,
      epochs,
      control: memory.int32(SHARED),
    };
    this.sweep = memory.kernels(module)[this.orders.kernel];
    for (let i = 1; i < threads; i++) {
      const workerData = { module, memory: memory.memory, orders: this.orders, spins: SPINS };
      const helper = new Worker(HELPER, { eval: true, workerData, execArgv: [] });
      // One that cannot start leaves its blocks to the others.
      helper.on("error", () => undefined);
      helper.unref();
      this.helpers.push(helper);
    }
  }

  /** Sweeps the blocks from .. to, which share no item. */
  round(from: number, to: number, epoch: number): void {
    const { control } = this.orders;
    if (this.helpers.length === 0 || to - from === 1) {
      for (let block = from; block < to; block++) this.one(block, epoch);
      return;
    }
    Atomics.store(control, END, to);
    Atomics.store(control, EPOCH, epoch);
    Atomics.store(control, LEFT, to - from);
    Atomics.store(control, NEXT, from);
    Atomics.add(control, ROUND, 1);
    Atomics.notify(control, ROUND);
    for (let block = Atomics.add(control, NEXT, 1); block < to; block = Atomics.add(control, NEXT, 1)) {
      this.one(block, epoch);
      Atomics.sub(control, LEFT, 1);
    }
    // All blocks are taken; those of the helpers may still be on their way, and so may a helper that found none left.
    for (let spin = 0; Atomics.load(control, LEFT) > 0; spin++) {
      if (spin > SPINS) Atomics.wait(control, LEFT, Atomics.load(control, LEFT), 1);
    }
    Atomics.store(control, NEXT, END_OF_BLOCKS);
    for (let spin = 0; Atomics.load(control, BUSY) > 0; spin++) if (spin > SPINS) Atomics.wait(control, BUSY, 1, 1);
  }

  async close(): Promise<void> {
    await Promise.all(this.helpers.map((helper) => helper.terminate()));
  }

  private one(block: number, epoch: number): void {
    const { edges, rest, start, random, epochs } = this.orders;
    const alpha = 1 - epoch / epochs;
    random[block] = this.sweep(...edges, start[block]!, start[block + 1]!, ...rest, epoch, alpha, random[block]!);
  }
}

/** Beyond every block. */
const END_OF_BLOCKS = 1 << 30;

/** A helper needs nothing of the engine but the module: its code is text, so that it runs however the engine was built. */
const HELPER = `
const { module, memory, orders, spins } = require("node:worker_threads").workerData;
const { kernel, edges, rest, start, random, epochs, control } = orders;
const sweep = new WebAssembly.Instance(module, { env: { memory } }).exports[kernel];
for (let seen = 0; ; ) {
  for (let spin = 0; Atomics.load(control, ${ROUND}) === seen; spin++) if (spin > spins) Atomics.wait(control, ${ROUND}, seen);
  seen = Atomics.load(control, ${ROUND});
  Atomics.add(control, ${BUSY}, 1);
  for (;;) {
    const block = Atomics.add(control, ${NEXT}, 1);
    if (block >= Atomics.load(control, ${END})) break;
    const epoch = Atomics.load(control, ${EPOCH});
    random[block] = sweep(...edges, start[block], start[block + 1], ...rest, epoch, 1 - epoch / epochs, random[block]);
    if (Atomics.sub(control, ${LEFT}, 1) === 1) Atomics.notify(control, ${LEFT});
  }
  Atomics.sub(control, ${BUSY}, 1);
}
`;
