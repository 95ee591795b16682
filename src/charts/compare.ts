import { MAP_LIMIT } from "../protocol/constants";
import type { PanelComparison } from "../protocol/compare";
import type { RunResult } from "../protocol/result";
import { coloring, type ColorBy } from "./coloring";
import { mapData, sizesOf, type MapData, type MapOptions } from "./data";
import { evenSample } from "./sample";

/** Columns that a view has to hold all of. */
export type Frame = Pick<MapData, "x" | "y" | "z">;

/** The maps of two models, point by point the same items, and what holds both. */
export interface ComparedMaps {
  first: MapData;
  second: MapData;
  frame: Frame;
}

type Places = Pick<MapData, "index" | "x" | "y" | "z">;
const places = new WeakMap<
  PanelComparison,
  { limit: number; of: Float32Array; maps: [Places, Places]; frame: Frame }
>();

/**
 * The two maps in the same colours. The second has the size of the first: Procrustes makes a map smaller the less it fits, down to a dot.
 * Their axes have no names: after the turn they mean nothing. More than `limit` items become an even sample that is always the same.
 */
export function comparedMaps(
  result: RunResult,
  comparison: PanelComparison,
  colorBy: ColorBy,
  { limit = MAP_LIMIT, sizeBy = null, kept = null }: Omit<MapOptions, "title"> = {},
): ComparedMaps {
  const known = placesOf(result, comparison, limit);
  const { column, ...colors } = coloring(result, colorBy, kept);
  const size = sizesOf(result, sizeBy);
  const dressed = (map: Places): MapData => ({
    ...{ title: "", axes: ["", ""] as [string, string], ticks: false },
    ...colors,
    ...map,
    ...(size && { size: Float32Array.from(map.index, (i) => size[i]!) }),
    category: Int32Array.from(map.index, (i) => column[i]!),
    total: comparison.index.length,
  });
  return { first: dressed(known.maps[0]), second: dressed(known.maps[1]), frame: known.frame };
}

/** The first map alone, as long as there is no second one. */
export const firstMap = (result: RunResult, colorBy: ColorBy, options: Omit<MapOptions, "title">): MapData => ({
  ...mapData(result, colorBy, { ...options, title: "" }),
  axes: ["", ""],
  ticks: false,
});

/** The points that are drawn: the same columns for other colours, so that what is made of them holds. */
function placesOf(result: RunResult, comparison: PanelComparison, limit: number) {
  const kept = places.get(comparison);
  if (kept?.limit === limit && kept.of === result.x) return kept;
  const at = evenSample(comparison.index.length, limit);
  const index = Int32Array.from(at, (i) => comparison.index[i]!);
  const own = [result.x, result.y, ...(result.z ? [result.z] : [])].map((axis) =>
    Float32Array.from(index, (i) => axis[i]!),
  );
  const laid = sameSize(
    comparison.axes.map((axis) => Float32Array.from(at, (i) => axis[i]!)),
    own,
  );
  const map = ([x, y, z]: readonly Float32Array[]): Places => ({ index, x: x!, y: y!, ...(z && { z }) });
  const [x, y, z] = own.map((axis, a) => joined(axis, laid[a]!));
  const made = {
    ...{ limit, of: result.x },
    maps: [map(own), map(laid)] as [Places, Places],
    frame: { x: x!, y: y!, ...(z && { z }) },
  };
  places.set(comparison, made);
  return made;
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** A map around its own middle in the root mean square radius of another one; one without any size stays as it is. */
export function sameSize(map: readonly Float32Array[], target: readonly Float32Array[]): Float32Array[] {
  const means = map.map(meanOf);
  const [own, wanted] = [radiusOf(map, means), radiusOf(target, target.map(meanOf))];
  const scale = own > 0 && wanted > 0 ? wanted / own : 1;
  return map.map((axis, a) => axis.map((value) => means[a]! + scale * (value - means[a]!)));
}

const meanOf = (axis: Float32Array): number => axis.reduce((sum, value) => sum + value, 0) / Math.max(1, axis.length);

const radiusOf = (axes: readonly Float32Array[], means: readonly number[]): number =>
  Math.sqrt(
    axes.reduce((sum, axis, a) => sum + axis.reduce((squares, value) => squares + (value - means[a]!) ** 2, 0), 0),
  );
