import { MODULE } from "./module";

/** The functions of simd/kernels.ts; addresses are bytes in the memory. */
export interface Kernels {
  push2(
    x: number,
    y: number,
    mass: number,
    length: number,
    pointX: number,
    pointY: number,
    count: number,
    force: number,
  ): number;
  attract2(
    start: number,
    target: number,
    value: number,
    positions: number,
    force: number,
    from: number,
    to: number,
  ): void;
  fft(re: number, im: number, n: number, columns: number, turn: number, back: 0 | 1): void;
  transpose(matrix: number, n: number): void;
  convolve(re: number, im: number, byRe: number, byIm: number, weight: number, count: number): number;
  sweep2: SweepKernel;
  sweep3: SweepKernel;
}

export type SweepKernel = (
  head: number,
  tail: number,
  interval: number,
  next: number,
  from: number,
  to: number,
  positions: number,
  pushers: number,
  count: number,
  pull: number,
  push: number,
  base: number,
  size: number,
  epoch: number,
  alpha: number,
  seed: number,
) => number;

const PAGE = 65_536;
/** What the module declares as its most: 4 GB. */
const MOST_PAGES = 65_536;

let compiled: WebAssembly.Module | null | undefined;

/** The compiled module; null on processors without vector instructions, where the TypeScript paths run. */
export function simdModule(): WebAssembly.Module | null {
  if (compiled !== undefined) return compiled;
  try {
    compiled = new WebAssembly.Module(Buffer.from(MODULE, "base64"));
  } catch {
    compiled = null;
  }
  return compiled;
}

/** Arrays in a memory that the kernels work on, taken one after the other and freed all together. */
export class SimdMemory {
  readonly memory: WebAssembly.Memory;
  private free = 0;

  /** @param bytes of all arrays that will be asked for, each rounded up to 16 */
  constructor(bytes: number) {
    const pages = Math.ceil(bytes / PAGE) + 1;
    if (pages > MOST_PAGES) throw new RangeError("more than 4 GB for one layout");
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: MOST_PAGES, shared: true });
  }

  kernels(module: WebAssembly.Module): Kernels {
    return new WebAssembly.Instance(module, { env: { memory: this.memory } }).exports as Kernels;
  }

  float32(length: number): Float32Array {
    return new Float32Array(this.memory.buffer, this.take(4 * length), length);
  }

  float64(length: number): Float64Array {
    return new Float64Array(this.memory.buffer, this.take(8 * length), length);
  }

  int32(length: number): Int32Array {
    return new Int32Array(this.memory.buffer, this.take(4 * length), length);
  }

  private take(bytes: number): number {
    const at = this.free;
    this.free += Math.ceil(bytes / 16) * 16;
    if (this.free > this.memory.buffer.byteLength) throw new RangeError("the memory of a layout is too small");
    return at;
  }
}
