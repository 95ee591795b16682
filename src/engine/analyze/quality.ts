import type { Metric } from "../../protocol/recipe";
import type { PointFigures, Quality } from "../../protocol/result";
import { createRandom, sampleIndices } from "../random";
import { squaresOfFew } from "../linear/few-squares";
import type { Matrix, StageContext } from "../types";
import { gatherRows } from "./gather";
import { placesFor, prepareFor } from "./normalize";
import { forEachDistances } from "./pairs";
import { hasManyPairs, PairCorrelation, PointCorrelation } from "./rank-correlation";

/** Coordinates of every item on a map. */
export interface MapPoints {
  x: Float32Array;
  y: Float32Array;
  z?: Float32Array;
}

/** Up to this many items figures are taken on all; above, on a seeded sample of some: their error is then below 0.01. */
const WHOLE = 5_000;
const SAMPLE = 2_000;
/** How many of `count` items a figure is taken on. */
export const judgedOf = (count: number): number => (count <= WHOLE ? count : SAMPLE);

/**
 * How far a map can be trusted, after Venna & Kaski (2001): trustworthiness falls when items are near on the map that are
 * not near in the vectors, continuity when neighbours are torn apart; `neighborsKept` is the mean share of the k nearest
 * that are the same, and the rank correlation of distances, where it is of all pairs. Each is 1 for a perfect map. On a sample all
 * ranks are within the sample, and `neighborsKept` is too large: `neighborsKeptOf` (point-quality.ts) has it among all items.
 * @param input.k neighbours that count; capped below half of the items, as the measures require
 */
export async function quality(
  input: { matrix: Matrix; map: MapPoints; metric: Metric; k: number; seed: number },
  ctx: StageContext,
): Promise<Quality> {
  const index = sampleIndices(input.matrix.rows, judgedOf(input.matrix.rows), createRandom(input.seed, 0x5a));
  const n = index.length;
  const k = Math.min(input.k, Math.max(1, Math.ceil(n / 2) - 1));
  if (n < 3) {
    const ones = new Float32Array(n).fill(1);
    const points = {
      trustworthiness: ones,
      continuity: ones.slice(),
      distanceCorrelation: ones.slice(),
      kept: ones.slice(),
    };
    return { k, trustworthiness: 1, continuity: 1, neighborsKept: 1, sample: n, points };
  }
  const low = gatherMap(input.map, index);
  const ranking = new Ranking(n, k);
  const correlation = new PointCorrelation(n, input.seed);
  const distanceCorrelation = new Float32Array(n);
  const pairs = n === input.matrix.rows && hasManyPairs(n) ? new PairCorrelation(n) : null;
  await eachRowApart(input, index, ranking.high, ctx, (i) => {
    for (let j = 0; j < n; j++) {
      const dx = low[i * 3]! - low[j * 3]!;
      const dy = low[i * 3 + 1]! - low[j * 3 + 1]!;
      const dz = low[i * 3 + 2]! - low[j * 3 + 2]!;
      ranking.low[j] = dx * dx + dy * dy + dz * dz;
    }
    distanceCorrelation[i] = correlation.of(i, ranking.high, ranking.low);
    pairs?.add(i, ranking.high, ranking.low);
    ranking.add(i);
  });
  const { points, ...figures } = ranking.result();
  const { kept, ...others } = { ...points, distanceCorrelation };
  // Neighbours within a sample are no neighbours of an item among all.
  const own = n === input.matrix.rows ? { ...others, kept } : spread(others, index, input.matrix.rows);
  const ofPairs = pairs?.result() ?? null;
  return { k, ...figures, ...(ofPairs !== null && { distanceCorrelation: ofPairs }), sample: n, points: own };
}

/**
 * Calls `visit` for every item of a sample when `high` has numbers that grow with its distances to all of the sample: squared
 * distances, or −dot.
 */
async function eachRowApart(
  { matrix, metric }: { matrix: Matrix; metric: Metric },
  index: Int32Array,
  high: Float32Array,
  ctx: StageContext,
  visit: (i: number) => void,
): Promise<void> {
  const n = index.length;
  const few = metric === "dot" || n < matrix.rows ? null : squaresOfFew(placesFor(matrix, metric));
  if (!few) {
    return forEachDistances(gatherRows(prepareFor(matrix, metric), index), metric, ctx, (i, distances) => {
      high.set(distances);
      visit(i);
    });
  }
  for (let i = 0; i < n; i++) {
    high.set(few.subarray(i * n, (i + 1) * n));
    visit(i);
  }
}

/** The figures of a sample at the places of its items, NaN at the others. */
function spread(points: PointFigures, index: Int32Array, count: number): PointFigures {
  const placed = (values: Float32Array): Float32Array => {
    const all = new Float32Array(count).fill(NaN);
    index.forEach((item, at) => (all[item] = values[at]!));
    return all;
  };
  return {
    trustworthiness: placed(points.trustworthiness),
    continuity: placed(points.continuity),
    distanceCorrelation: placed(points.distanceCorrelation),
  };
}

/** Sums the penalties of one item after the other; its two rows of distances are written before each `add`. */
class Ranking {
  readonly high: Float32Array;
  readonly low: Float32Array;
  private readonly nearHigh: Int32Array;
  private readonly nearLow: Int32Array;
  /** The penalties of each item. */
  private readonly intruded: Float64Array;
  private readonly missed: Float64Array;
  /** How many of its nearest each item keeps. */
  private readonly kept: Float32Array;

  constructor(
    private readonly n: number,
    private readonly k: number,
  ) {
    this.high = new Float32Array(n);
    this.low = new Float32Array(n);
    this.nearHigh = new Int32Array(k);
    this.nearLow = new Int32Array(k);
    this.intruded = new Float64Array(n);
    this.missed = new Float64Array(n);
    this.kept = new Float32Array(n);
  }

  add(self: number): void {
    const { high, low, nearHigh, nearLow, n, k } = this;
    high[self] = Infinity;
    low[self] = Infinity;
    const farthestHigh = nearest(high, k, nearHigh);
    const farthestLow = nearest(low, k, nearLow);
    for (let s = 0; s < k; s++) {
      const near = nearLow[s]!;
      if (isWithin(high, near, farthestHigh)) this.kept[self]!++;
      else this.intruded[self]! += rankOf(high, near, n) - k;
      const true_ = nearHigh[s]!;
      if (!isWithin(low, true_, farthestLow)) this.missed[self]! += rankOf(low, true_, n) - k;
    }
  }

  result(): Pick<Quality, "trustworthiness" | "continuity" | "neighborsKept"> & {
    points: Required<Omit<PointFigures, "distanceCorrelation">>;
  } {
    const { n, k } = this;
    // Of one item; that of all is n times as large.
    const worst = (k * (2 * n - 3 * k - 1)) / 2;
    const share = (penalty: number, of: number): number => (of > 0 ? 1 - penalty / of : 1);
    const whole = (penalties: Float64Array): number =>
      share(
        penalties.reduce((a, b) => a + b, 0),
        n * worst,
      );
    const each = (penalties: Float64Array): Float32Array => Float32Array.from(penalties, (one) => share(one, worst));
    return {
      trustworthiness: whole(this.intruded),
      continuity: whole(this.missed),
      neighborsKept: this.kept.reduce((sum, one) => sum + one, 0) / (n * k),
      points: {
        trustworthiness: each(this.intruded),
        continuity: each(this.missed),
        kept: this.kept.map((one) => one / k),
      },
    };
  }
}

/** Whether item `j` is as near as the nearest, whose last is `last`: of equal items any is a neighbour. */
const isWithin = (distance: Float32Array, j: number, last: number): boolean => distance[j]! <= distance[last]!;

/** The rank of item `j` from 1: items before it by distance, then by index. */
function rankOf(distance: Float32Array, j: number, n: number): number {
  const value = distance[j]!;
  let rank = 1;
  for (let i = 0; i < n; i++) if (distance[i]! < value) rank++;
  for (let i = 0; i < j; i++) if (distance[i] === value) rank++;
  return rank;
}

/** Writes the k nearest into `out` and returns the last of them. */
function nearest(distance: Float32Array, k: number, out: Int32Array): number {
  let filled = 0;
  let limit = Infinity;
  for (let j = 0; j < distance.length; j++) {
    const value = distance[j]!;
    if (filled === k && value >= limit) continue;
    let at = filled < k ? filled++ : k - 1;
    while (at > 0 && distance[out[at - 1]!]! > value) {
      out[at] = out[at - 1]!;
      at--;
    }
    out[at] = j;
    limit = distance[out[filled - 1]!]!;
  }
  return out[k - 1]!;
}

function gatherMap({ x, y, z }: MapPoints, index: Int32Array): Float32Array {
  const out = new Float32Array(index.length * 3);
  index.forEach((row, at) => out.set([x[row]!, y[row]!, z?.[row] ?? 0], at * 3));
  return out;
}
