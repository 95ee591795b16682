import type { Metric } from "../../protocol/recipe";
import type { LabelAccuracy } from "../../protocol/result";
import { Smallest } from "../linear/best";
import { squaredNorms, toSquares } from "../linear/vectors";
import { createRandom, sampleIndices } from "../random";
import type { Matrix, StageContext } from "../types";
import { gatherRows } from "./gather";
import { prepareFor } from "./normalize";
import { judgedOf, type MapPoints } from "./quality";
import { eachRowProducts } from "./row-products";

const VOTES = 10;

/**
 * How well the nearest labelled items tell an item's label, in the vectors and on the map: by the nearest one, and by a
 * vote of the ten nearest, where the nearer label wins among equals. Labels that only one item has can't be guessed.
 * @param matrix (n × d) vectors without bad rows
 * @param label (n) -1 is none
 * @returns null when fewer than two items have a label
 */
export async function labelAccuracy(
  matrix: Matrix,
  map: MapPoints,
  metric: Metric,
  label: Int32Array,
  seed: number,
  ctx: StageContext,
): Promise<LabelAccuracy | null> {
  const known = Int32Array.from(label.keys()).filter((i) => label[i]! >= 0);
  const n = known.length;
  if (n < 2) return null;
  const prepared = prepareFor(matrix, metric);
  const all = n === prepared.rows ? prepared : gatherRows(prepared, known);
  // All, or a seeded sample; each against all that have a label.
  const asked = sampleIndices(n, judgedOf(n), createRandom(seed, 0x1abe));
  const { cols } = all;
  const labels = Int32Array.from(known, (i) => label[i]!);
  const axes = [map.x, map.y, ...(map.z ? [map.z] : [])].map((axis) => Float32Array.from(known, (i) => axis[i]!));
  const inVectors = new Vote(labels, asked.length);
  const onMap = new Vote(labels, asked.length);
  const { data } = all;
  const measured = metric === "dot" ? null : { data, cols, norms: squaredNorms(data, n, cols) };
  const distance = new Float64Array(n);
  const ask = (i: number, own: Float32Array): void => {
    if (measured) toSquares(own, 0, measured, i, 0, n);
    else own.forEach((dot, j) => (own[j] = -dot));
    inVectors.ask(i, own);
    distance.fill(0);
    for (const axis of axes) {
      const own = axis[i]!;
      for (let j = 0; j < n; j++) distance[j]! += (axis[j]! - own) ** 2;
    }
    onMap.ask(i, distance);
  };
  await eachRowProducts(all, asked, all, ask, () => ctx.signal.throwIfAborted());
  return { count: asked.length, vectors: inVectors.result(), map: onMap.result() };
}

/** Counts how often the labels of the nearest are right. */
class Vote {
  private readonly near = new Smallest(VOTES);
  private byNearest = 0;
  private byTen = 0;

  constructor(
    private readonly labels: Int32Array,
    private readonly asked: number,
  ) {}

  ask(i: number, distance: Float32Array | Float64Array): void {
    const { near, labels } = this;
    near.clear();
    for (let j = 0; j < distance.length; j++) if (distance[j]! < near.limit && j !== i) near.add(j, distance[j]!);
    const found = Array.from(near.index.subarray(0, near.count), (j) => labels[j]!);
    const votes = (label: number): number => found.filter((other) => other === label).length;
    // The first of equals is the nearer.
    const winner = found.reduce((best, label) => (votes(label) > votes(best) ? label : best));
    if (found[0] === labels[i]) this.byNearest++;
    if (winner === labels[i]) this.byTen++;
  }

  result(): { nearest: number; ten: number } {
    return { nearest: this.byNearest / this.asked, ten: this.byTen / this.asked };
  }
}
