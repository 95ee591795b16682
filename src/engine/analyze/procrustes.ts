/** A map laid onto another one as well as turning, mirroring, moving and one scale can. */
export interface Aligned {
  /** Coordinates by axis: those of the map that was laid, in the place of the other. */
  axes: Float32Array[];
  /** What is left of the squared distances, as a share of the target's: 0 for maps of one shape, 1 for unrelated ones. */
  disparity: number;
}

const SWEEPS = 60;

/**
 * Ordinary Procrustes: Gower (1975), "Generalized Procrustes analysis"; the rotation by Schönemann (1966), reflections
 * allowed.
 * @param map the axes (2 or 3, of n coordinates each) of the map to be laid
 * @param target the axes of the map to lay it on, for the same items in the same order
 */
export function align(map: readonly Float32Array[], target: readonly Float32Array[]): Aligned {
  const d = target.length;
  const means = (axes: readonly Float32Array[]): number[] =>
    axes.map((axis) => axis.reduce((sum, value) => sum + value, 0) / Math.max(1, axis.length));
  const from = means(map);
  const to = means(target);
  const n = target[0]?.length ?? 0;
  const cross = Array.from({ length: d }, () => new Float64Array(d));
  let own = 0;
  let other = 0;
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < d; a++) {
      const value = map[a]![i]! - from[a]!;
      own += value * value;
      other += (target[a]![i]! - to[a]!) ** 2;
      for (let b = 0; b < d; b++) cross[a]![b]! += value * (target[b]![i]! - to[b]!);
    }
  }
  const { turn, trace } = nearestTurn(cross);
  const scale = own > 0 ? trace / own : 0;
  const axes = Array.from({ length: d }, (_, b) =>
    Float32Array.from({ length: n }, (_, i) => {
      let sum = to[b]!;
      for (let a = 0; a < d; a++) sum += scale * (map[a]![i]! - from[a]!) * turn[a]![b]!;
      return sum;
    }),
  );
  const disparity = own > 0 && other > 0 ? Math.max(0, 1 - trace ** 2 / (own * other)) : own === other ? 0 : 1;
  return { axes, disparity };
}

/**
 * The orthogonal matrix U·Vᵀ nearest to M = U·S·Vᵀ, and the sum of S, by one-sided Jacobi rotations (Hestenes 1958):
 * the columns of M·V become orthogonal, their lengths are S.
 */
function nearestTurn(matrix: readonly Float64Array[]): { turn: Float64Array[]; trace: number } {
  const d = matrix.length;
  const work = Array.from({ length: d }, (_, c) => Float64Array.from(matrix, (row) => row[c]!));
  const right = Array.from({ length: d }, (_, c) => Float64Array.from({ length: d }, (_, r) => Number(r === c)));
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let p = 0; p < d; p++) {
      for (let q = p + 1; q < d; q++) {
        const cross = dot(work[p]!, work[q]!);
        if (cross === 0) continue;
        const zeta = (dot(work[q]!, work[q]!) - dot(work[p]!, work[p]!)) / (2 * cross);
        const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cosine = 1 / Math.hypot(1, tangent);
        for (const columns of [work, right]) {
          const [a, b] = [columns[p]!, columns[q]!];
          for (let r = 0; r < d; r++) {
            const value = a[r]!;
            a[r] = cosine * value - cosine * tangent * b[r]!;
            b[r] = cosine * tangent * value + cosine * b[r]!;
          }
        }
      }
    }
  }
  const lengths = work.map((column) => Math.sqrt(dot(column, column)));
  const left = orthonormal(work, lengths);
  const turn = Array.from({ length: d }, (_, a) =>
    Float64Array.from({ length: d }, (_, b) => left.reduce((sum, column, c) => sum + column[a]! * right[c]![b]!, 0)),
  );
  return { turn, trace: lengths.reduce((sum, length) => sum + length, 0) };
}

/** Columns of length 1 in the directions of these; a direction that has no length is any that is free. */
function orthonormal(columns: readonly Float64Array[], lengths: readonly number[]): Float64Array[] {
  const d = columns.length;
  const tiny = 1e-12 * Math.max(...lengths);
  const result = columns.map((column, c) => (lengths[c]! > tiny ? column.map((value) => value / lengths[c]!) : null));
  for (let c = 0; c < d; c++) {
    for (let axis = 0; result[c] === null; axis++) {
      const free = Float64Array.from({ length: d }, (_, r) => Number(r === axis));
      for (const known of result) {
        if (known === null) continue;
        const along = known[axis]!;
        const before = Float64Array.from(known, (value) => value * along);
        for (let r = 0; r < d; r++) free[r]! -= before[r]!;
      }
      const length = Math.hypot(...free);
      if (length > 0.3) result[c] = free.map((value) => value / length);
    }
  }
  return result.map((column) => column!);
}
