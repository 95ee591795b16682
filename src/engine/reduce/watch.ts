import type { LayoutColumns, StageContext } from "../types";

/** A layout and how far it came. */
export interface Laid {
  /** (count × dims) interleaved */
  positions: Float32Array;
  /** Steps that were done, and those that were planned: fewer are done when it was stopped. */
  done: number;
  total: number;
}

/** Interleaved coordinates as columns that own their buffers. */
export function split(positions: ArrayLike<number>, dims: 2 | 3): LayoutColumns {
  const count = positions.length / dims;
  const axis = (d: number): Float32Array => Float32Array.from({ length: count }, (_, i) => positions[i * dims + d]!);
  return { x: axis(0), y: axis(1), ...(dims === 3 ? { z: axis(2) } : {}) };
}

/**
 * Called between the steps of a layout: reports, shows it and answers whether to go on.
 * @throws the signal's reason when the run is cancelled
 */
export function goOn(
  ctx: StageContext,
  done: number,
  total: number,
  layout: () => ArrayLike<number>,
  dims: 2 | 3,
): boolean {
  ctx.signal.throwIfAborted();
  ctx.report(done, total);
  ctx.show?.(done, total, () => split(layout(), dims));
  return !ctx.enough?.();
}
