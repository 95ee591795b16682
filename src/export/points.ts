import type { RunResult } from "../protocol/result";

/** A figure of each item: (count) numbers, NaN where it was not measured. */
export interface PointColumn {
  name: string;
  values: Float32Array;
}

/** How far each item can be trusted on the map, as columns of a file; none where nothing was measured. */
export function pointColumns({ quality }: Pick<RunResult, "quality">): PointColumn[] {
  if (!quality?.points) return [];
  const { trustworthiness, continuity, distanceCorrelation, kept } = quality.points;
  return [
    { name: "trustworthiness", values: trustworthiness },
    { name: "continuity", values: continuity },
    { name: "distanceCorrelation", values: distanceCorrelation },
    ...(kept ? [{ name: "neighborsKept", values: kept }] : []),
  ];
}
