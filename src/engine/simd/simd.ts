import { LAYOUT, SCORES } from "./modules";

/** The functions of simd/layout.ts; addresses are bytes in the memory. */
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
  push3(
    x: number,
    y: number,
    z: number,
    mass: number,
    length: number,
    pointX: number,
    pointY: number,
    pointZ: number,
    count: number,
    force: number,
  ): number;
  attract2: AttractionKernel;
  attract3: AttractionKernel;
  spectrum(re: number, im: number, n: number, spectrum: number, panel: number, turn: number): void;
  convolve(
    re: number,
    im: number,
    n: number,
    used: number,
    factor: number,
    weight: number,
    panel: number,
    turn: number,
  ): number;
  spread(positions: number, count: number, x: number, y: number, scale: number, re: number, n: number): void;
  take(
    positions: number,
    count: number,
    x: number,
    y: number,
    scale: number,
    re: number,
    im: number,
    n: number,
    share: number,
    force: number,
  ): void;
  full2(
    positions: number,
    count: number,
    start: number,
    target: number,
    weight: number,
    degree: number,
    pull: number,
    push: number,
    base: number,
    size: number,
    strongest: number,
    alpha: number,
    overshoot: number,
  ): void;
  tables(
    parts: number,
    powers: number,
    scales: number,
    scalePowers: number,
    octaves: number,
    a: number,
    b: number,
    pull: number,
    push: number,
  ): void;
  sweep2: SweepKernel;
  sweep3: SweepKernel;
}

export type AttractionKernel = (
  start: number,
  target: number,
  value: number,
  positions: number,
  force: number,
  from: number,
  to: number,
) => void;

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

/** The functions of simd/scores.ts. */
export interface ScoreKernels {
  lists(
    size: number,
    capacity: number,
    half: number,
    limit: number,
    count: number,
    index: number,
    value: number,
    scratch: number,
  ): void;
  offer(scores: number, i: number, j: number, count: number): void;
  refuseTwice(): void;
  items(data: number, cols: number, cell: number, done: number, count: number, spare: number): void;
  join(owner: number, candidates: number, count: number, isLater: 0 | 1): void;
  clamp(values: number, count: number): void;
  distances(data: number, cols: number, row: number, others: number, count: number, squared: number): void;
  largest(values: number, count: number): number;
}

/** A memory and the kernels that work on it. */
export interface ScoreRoom {
  memory: SimdMemory;
  kernels: ScoreKernels;
}

const compiled = new Map<string, WebAssembly.Module | null>();

function compile(module: string): WebAssembly.Module | null {
  let made = compiled.get(module);
  if (made === undefined) {
    try {
      made = new WebAssembly.Module(Buffer.from(module, "base64"));
    } catch {
      made = null;
    }
    compiled.set(module, made);
  }
  return made;
}

/** The kernels of layouts; null on processors without vector instructions, where the TypeScript paths run. */
export const simdModule = (): WebAssembly.Module | null => compile(LAYOUT);

/**
 * A memory that onnxruntime can write into, and the kernels that work on it; null on processors without vector instructions, and where
 * no memory can be had for it (WebAssembly reserves gigabytes of addresses, which a limit of the system may forbid).
 * @param bytes as of `SimdMemory`
 */
export function scoreKernels(bytes: number): ScoreRoom | null {
  const module = compile(SCORES);
  const memory = module && memoryOf(bytes, false);
  return memory && { memory, kernels: memory.exportsOf(module) as ScoreKernels };
}

/**
 * The module of layouts with a memory for it; null as `scoreKernels`.
 * @param bytes as of `SimdMemory`
 */
export function layoutMemory(bytes: number): { module: WebAssembly.Module; memory: SimdMemory } | null {
  const module = simdModule();
  const memory = module && memoryOf(bytes, true);
  return memory && { module, memory };
}

function memoryOf(bytes: number, shared: boolean): SimdMemory | null {
  try {
    return new SimdMemory(bytes, shared);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Arrays in a memory that the kernels work on, taken one after the other and freed all together. */
export class SimdMemory {
  readonly memory: WebAssembly.Memory;
  private free = 0;

  /**
   * @param bytes of all arrays that will be asked for, each rounded up to 16
   * @param shared between threads
   */
  constructor(bytes: number, shared = true) {
    const pages = Math.ceil(bytes / PAGE) + 1;
    if (pages > MOST_PAGES) throw new RangeError("more than 4 GB for one memory");
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: MOST_PAGES, shared });
  }

  kernels(module: WebAssembly.Module): Kernels {
    return this.exportsOf(module) as Kernels;
  }

  exportsOf(module: WebAssembly.Module): unknown {
    return new WebAssembly.Instance(module, { env: { memory: this.memory } }).exports;
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

  uint8(length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, this.take(length), length);
  }

  private take(bytes: number): number {
    const at = this.free;
    this.free += Math.ceil(bytes / 16) * 16;
    if (this.free > this.memory.buffer.byteLength) throw new RangeError("the memory is too small");
    return at;
  }
}
