import { createRandom } from "../../src/engine/random";

/** The functions that ECMAScript leaves to each implementation; + − × ÷ and √ are the same bits on every machine. */
const LOOSE = ["exp", "log", "log2", "log10", "pow", "sin", "cos"] as const;

/**
 * Runs a job with these functions off by one bit up or down or not at all, as on a machine with another mathematical
 * library.
 * @returns what the job returned, and how many results were changed
 */
export async function withBlurredMath<T>(seed: number, job: () => Promise<T>): Promise<{ found: T; calls: number }> {
  const random = createRandom(seed);
  const math = Math as unknown as Record<string, (...values: number[]) => number>;
  const value = new Float64Array(1);
  const bits = new BigInt64Array(value.buffer);
  const own = LOOSE.map((name) => [name, math[name]!] as const);
  let calls = 0;
  for (const [name, exact] of own) {
    math[name] = (...given) => {
      value[0] = exact(...given);
      // exp(0), log(1) and the like are exact everywhere.
      if (Number.isInteger(value[0]) || !Number.isFinite(value[0])) return value[0];
      const off = random.below(3) - 1;
      calls += Math.abs(off);
      bits[0]! += BigInt(off);
      return value[0];
    };
  }
  try {
    return { found: await job(), calls };
  } finally {
    for (const [name, exact] of own) math[name] = exact;
  }
}
