import type { Metric } from "../../protocol/recipe";
import { dotAt, squaredDistanceAt } from "../linear/vectors";
import type { Matrix } from "../types";

/**
 * The distance of two rows of a matrix that went through `prepareFor`: 1 − cosine, euclidean, or −dot. On rows of length 1
 * the cosine distance is half the squared euclidean one: exactly 0 for equal rows, and precise for near ones.
 */
export function distanceAt(prepared: Matrix, a: number, b: number, metric: Metric): number {
  const { data, cols } = prepared;
  if (metric === "dot") return -dotAt(data, a * cols, data, b * cols, cols);
  return fromSquared(squaredDistanceAt(data, a * cols, data, b * cols, cols), metric);
}

/** The distance of two prepared rows whose squared euclidean distance is known. */
export const fromSquared = (squared: number, metric: "cosine" | "euclidean"): number =>
  metric === "cosine" ? squared / 2 : Math.sqrt(squared);
