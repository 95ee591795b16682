import type { Vectors } from "../protocol/engine";
import type { ItemColumns, MetaColumn, PointFigures, RunResult } from "../protocol/result";

/**
 * A result of some of its items, in the order given: all that stands for each item is theirs, figures about the whole stay.
 * @param index places in the result
 */
export function selectItems(result: RunResult, index: Int32Array): RunResult {
  const floats = (values: Float32Array): Float32Array =>
    values.length === 0 ? values : Float32Array.from(index, (i) => values[i]!);
  const numbers = (values: Int32Array): Int32Array =>
    values.length === 0 ? values : Int32Array.from(index, (i) => values[i]!);
  const { quality } = result;
  const items: ItemColumns = {
    ...result.items,
    count: index.length,
    source: numbers(result.items.source),
    ids: result.items.ids && Array.from(index, (i) => result.items.ids![i]!),
    label: numbers(result.items.label),
    path: numbers(result.items.path),
    place: numbers(result.items.place),
    line: numbers(result.items.line),
    ...(result.items.meta && { meta: result.items.meta.map((column) => selectMeta(column, index)) }),
  };
  const place = new Map(Array.from(index, (from, to) => [from, to]));
  const clusters = result.clusters.flatMap((cluster) => {
    const size = index.reduce((sum, i) => sum + (result.cluster[i] === cluster.id ? 1 : 0), 0);
    const first = index.findIndex((i) => result.cluster[i] === cluster.id);
    return size === 0 ? [] : [{ ...cluster, size, exemplar: place.get(cluster.exemplar) ?? first }];
  });
  return {
    ...result,
    items,
    x: floats(result.x),
    y: floats(result.y),
    ...(result.z && { z: floats(result.z) }),
    cluster: numbers(result.cluster),
    clusters,
    quality: quality?.points ? { ...quality, points: selectPoints(quality.points, floats) } : quality,
  };
}

function selectPoints(
  { trustworthiness, continuity, distanceCorrelation, kept }: PointFigures,
  of: (values: Float32Array) => Float32Array,
): PointFigures {
  return {
    trustworthiness: of(trustworthiness),
    continuity: of(continuity),
    distanceCorrelation: of(distanceCorrelation),
    ...(kept && { kept: of(kept) }),
  };
}

function selectMeta(column: MetaColumn, index: Int32Array): MetaColumn {
  switch (column.kind) {
    case "category":
    case "boolean":
      return { ...column, code: Int32Array.from(index, (i) => column.code[i]!) };
    case "number":
    case "date":
      return { ...column, value: Float64Array.from(index, (i) => column.value[i]!) };
    case "text":
      return column;
  }
}

/** Some rows of a matrix, in the order given. */
export function selectRows({ cols, data }: Vectors, index: Int32Array): Vectors {
  const selected = new Float32Array(index.length * cols);
  index.forEach((from, to) => selected.set(data.subarray(from * cols, (from + 1) * cols), to * cols));
  return { rows: index.length, cols, data: selected };
}
