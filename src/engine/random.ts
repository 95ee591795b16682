/** A seeded generator of the engine: the only source of random numbers in a result. */
export interface Random {
  /** Uniform in [0, 1) with 32 bits. */
  next(): number;
  /** Uniform integer in [0, n). */
  below(n: number): number;
  /** Standard normal. */
  normal(): number;
}

/**
 * sfc32, seeded through splitmix32: passes PractRand, 2^128 states (Doty-Humphrey 2010).
 * @param seed an unsigned 32-bit integer
 * @param stream separates independent uses of one seed
 */
export function createRandom(seed: number, stream = 0): Random {
  let mix = (seed ^ Math.imul(stream, 0x9e3779b9)) | 0;
  const split = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let t = Math.imul(mix ^ (mix >>> 16), 0x21f0aaad);
    t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
    return (t ^ (t >>> 15)) | 0;
  };
  let a = split();
  let b = split();
  let c = split();
  let counter = 1;
  const bits = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();
  let spare: number | null = null;
  const next = (): number => bits() / 0x1_0000_0000;
  return {
    next,
    below: (n) => Math.floor(next() * n),
    normal: () => {
      if (spare !== null) {
        const value = spare;
        spare = null;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      const angle = 2 * Math.PI * next();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
  };
}

/** 0 to count − 1: a loop, since `Int32Array.from` takes a second for ten millions. */
export function ascending(count: number): Int32Array {
  const all = new Int32Array(count);
  for (let i = 0; i < count; i++) all[i] = i;
  return all;
}

/** The indices of a sample of `size` of `count`, ascending: a seeded partial Fisher–Yates shuffle. */
export function sampleIndices(count: number, size: number, random: Random): Int32Array {
  const all = ascending(count);
  if (size >= count) return all;
  for (let i = 0; i < size; i++) {
    const j = i + random.below(count - i);
    const swap = all[i]!;
    all[i] = all[j]!;
    all[j] = swap;
  }
  return all.slice(0, size).sort();
}
