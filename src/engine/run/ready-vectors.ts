import { LensError } from "../../protocol/errors";
import type { Metric, Recipe } from "../../protocol/recipe";
import type { Embedded } from "../embed-items";
import { ascending } from "../random";
import type { Reduced } from "../reduce/reduce";
import type { ItemSet, Matrix } from "../types";
import { withoutShort } from "./short-vectors";

/** The model's name of items that have coordinates and nothing else. */
const COORDINATES = "coordinates";
const VECTORS = "vectors";

/** Items that have their vectors already: nothing is embedded. Those with coordinates alone have these for vectors. */
export function readyVectors({ vectors, ...items }: ItemSet): Embedded {
  const ready = vectors ?? items.map;
  if (!ready) throw new LensError("internal", "Items of the kind vector came without vectors.");
  const [id, name] = vectors ? [VECTORS, "ready vectors"] : [COORDINATES, "ready coordinates"];
  const model = { id, name, dims: ready.cols, tensor: "as in the file" };
  return { items, source: ascending(ready.rows), matrix: ready, model, truncated: 0 };
}

/**
 * The items that a metric can compare: of ready vectors not those that are too short. The same answer for the same question.
 * @throws LensError "source" when none is left
 */
export const comparable = (embedded: Embedded, metric: Metric): Embedded =>
  embedded.model.id === VECTORS ? withoutShort(embedded, metric) : embedded;

export const hasOnlyCoordinates = ({ model }: Embedded): boolean => model.id === COORDINATES;

/** The metric of a recipe; coordinates alone are places, between which only distances mean something. */
export const metricOf = (embedded: Embedded, { metric }: Pick<Recipe, "metric">): Metric =>
  hasOnlyCoordinates(embedded) ? "euclidean" : metric;

/** Vectors and how they are compared; null when there are none. */
export function compared(embedded: Embedded | undefined, recipe: Recipe): { matrix: Matrix; metric: Metric } | null {
  return embedded ? { matrix: embedded.matrix, metric: metricOf(embedded, recipe) } : null;
}

/** Ready coordinates as a layout. @param source index of each item among all items of the source */
export function givenLayout({ map, axes = [] }: Pick<ItemSet, "map" | "axes">, source: Int32Array): Reduced {
  if (!map) throw new LensError("internal", "There are no ready coordinates.");
  const axis = (d: number): Float32Array => Float32Array.from(source, (i) => map.data[i * map.cols + d]!);
  return { x: axis(0), y: axis(1), ...(map.cols > 2 && { z: axis(2) }), axes: [...axes], warnings: [] };
}
