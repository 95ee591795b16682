import type { Metric } from "../../protocol/recipe";
import { squaresOfFew } from "../linear/few-squares";
import { createRandom, sampleIndices, type Random } from "../random";
import type { Matrix } from "../types";
import { distanceAt } from "./metric";
import { placesFor } from "./normalize";
import type { MapPoints } from "./quality";

/** Pairs on which the correlation is taken where they are drawn: its error is then below 0.01. */
const PAIRS = 20_000;
/** Whether so many items have more pairs than are measured one by one. */
export const hasManyPairs = (n: number): boolean => (n * (n - 1)) / 2 > PAIRS;

/**
 * Spearman's rank correlation between the distances of pairs in the vectors and on the map: all pairs of few items, else
 * a seeded sample of 20,000 (all pairs of some thousand items: `PairCorrelation`). It tells how far the large distances of a map
 * can be trusted.
 * @param matrix (n × d) vectors without bad rows
 * @returns -1..1; null below 3 items, or when all distances are equal
 */
export function distanceCorrelation(matrix: Matrix, map: MapPoints, metric: Metric, seed: number): number | null {
  const n = matrix.rows;
  if (n < 3) return null;
  const places = placesFor(matrix, metric);
  const few = metric === "dot" ? null : squaresOfFew(places);
  const pairs = !hasManyPairs(n) ? everyPair(n) : drawnPairs(n, createRandom(seed, 0xd15));
  const high = new Float64Array(pairs.length / 2);
  const low = new Float64Array(pairs.length / 2);
  for (let at = 0; at < high.length; at++) {
    const i = pairs[2 * at]!;
    const j = pairs[2 * at + 1]!;
    high[at] = few ? few[i * n + j]! : distanceAt(places, i, j, metric);
    const dz = map.z ? map.z[i]! - map.z[j]! : 0;
    low[at] = (map.x[i]! - map.x[j]!) ** 2 + (map.y[i]! - map.y[j]!) ** 2 + dz * dz;
  }
  return correlation(ranks(high), ranks(low));
}

/**
 * The same of all pairs of some thousand items, from their rows of distances. Distances that agree in their exponent and seven digits
 * more, to 0.8 %, count as equal: the correlation is then off by less than 0.001.
 */
export class PairCorrelation {
  /** Of each pair both numbers, to 16 bits each. */
  private readonly pairs: Uint32Array;
  private readonly high = new Float64Array(1 << 16);
  private readonly low = new Float64Array(1 << 16);
  private count = 0;

  /** @param n items */
  constructor(n: number) {
    this.pairs = new Uint32Array((n * (n - 1)) / 2);
  }

  /** @param high, low (n) numbers that grow with the distances of item `i` in the vectors and on the map; each item once, in order */
  add(i: number, high: Float32Array, low: Float32Array): void {
    const bitsOf = ({ buffer, byteOffset, length }: Float32Array) => new Uint32Array(buffer, byteOffset, length);
    const [highBits, lowBits] = [bitsOf(high), bitsOf(low)];
    for (let j = 0; j < i; j++) {
      const [h, l] = [inOrder(highBits[j]!), inOrder(lowBits[j]!)];
      this.high[h]!++;
      this.low[l]!++;
      this.pairs[this.count++] = (h << 16) | l;
    }
  }

  /** -1..1; null when the distances do not differ */
  result(): number | null {
    const [high, low] = [ranksOfCounts(this.high), ranksOfCounts(this.low)];
    let sum = 0;
    for (const pair of this.pairs) sum += high.rank[pair >>> 16]! * low.rank[pair & 0xffff]!;
    return high.square > 0 && low.square > 0 ? sum / Math.sqrt(high.square * low.square) : null;
  }
}

/** The upper half of a float32's bits, so that larger numbers have larger ones. */
const inOrder = (bits: number): number => (bits >>> 31 ? ~bits : bits | 0x8000_0000) >>> 16;

/** The mean rank of the numbers in each bin, from the middle of all, and the sum of their squares. */
function ranksOfCounts(counts: Float64Array): { rank: Float64Array; square: number } {
  const rank = new Float64Array(counts.length);
  const middle = counts.reduce((sum, count) => sum + count, 0) / 2;
  let before = 0;
  let square = 0;
  counts.forEach((count, bin) => {
    rank[bin] = before + count / 2 - middle;
    square += count * rank[bin] ** 2;
    before += count;
  });
  return { rank, square };
}

/** Items to which the distances of each item are ranked: the error of its correlation is then below 0.1 for most. */
const WITNESSES = 100;

/** The same for single items: of their distances to the same seeded sample of a hundred. */
export class PointCorrelation {
  private readonly witnesses: Int32Array;

  /** @param n items */
  constructor(n: number, seed: number) {
    this.witnesses = sampleIndices(n, WITNESSES + 1, createRandom(seed, 0xd16));
  }

  /**
   * @param high, low (n) numbers that grow with the distances of `item` in the vectors and on the map
   * @returns -1..1; NaN when the distances do not differ
   */
  of(item: number, high: Float32Array, low: Float32Array): number {
    const others = this.witnesses.filter((other) => other !== item);
    const ranksOf = (distance: Float32Array): Float64Array => ranks(Float64Array.from(others, (j) => distance[j]!));
    return correlation(ranksOf(high), ranksOf(low)) ?? NaN;
  }
}

function everyPair(n: number): Int32Array {
  const pairs = new Int32Array(n * (n - 1));
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      pairs[at++] = i;
      pairs[at++] = j;
    }
  }
  return pairs;
}

function drawnPairs(n: number, random: Random): Int32Array {
  const pairs = new Int32Array(2 * PAIRS);
  for (let at = 0; at < pairs.length; at += 2) {
    const i = random.below(n);
    const j = random.below(n - 1);
    pairs[at] = i;
    pairs[at + 1] = j < i ? j : j + 1;
  }
  return pairs;
}

/** Ranks from 0; equal values share the mean of theirs. */
function ranks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const out = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let at = from; at < to; at++) out[order[at]!] = (from + to - 1) / 2;
    from = to;
  }
  return out;
}

/** Pearson's; null when a side does not vary. */
function correlation(a: Float64Array, b: Float64Array): number | null {
  const mean = (a.length - 1) / 2;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i]! - mean;
    const y = b[i]! - mean;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : null;
}
