/** The part of the plane that a chart shows: lowest and highest value of each axis. */
export interface Viewport {
  x: [number, number];
  y: [number, number];
}

/** Pixels of the plotting area. */
export interface Size {
  width: number;
  height: number;
}

/**
 * Shows all points with a margin. One unit is equally long on both axes, so that distances on a map can be compared.
 * No points, or all in one place, give a square of one unit around them.
 */
export function fitViewport(x: Float32Array, y: Float32Array, { width, height }: Size, margin = 0.05): Viewport {
  const [x0, x1] = extent(x);
  const [y0, y1] = extent(y);
  const w = Math.max(1, width);
  const h = Math.max(1, height);
  const unit = Math.max((x1 - x0) / w, (y1 - y0) / h) / (1 - 2 * margin) || 1 / Math.min(w, h);
  const cx = (x0 + x1) / 2;
  const cy = (y0 + y1) / 2;
  return {
    x: [round(cx - (unit * w) / 2), round(cx + (unit * w) / 2)],
    y: [round(cy - (unit * h) / 2), round(cy + (unit * h) / 2)],
  };
}

/** Enlarges by `factor` (below 1 shows more); the place at `at` (shares 0..1 from the low end of each axis) stays where it is. */
export function zoomViewport(view: Viewport, factor: number, at: { x: number; y: number }): Viewport {
  return { x: zoomRange(view.x, factor, at.x), y: zoomRange(view.y, factor, at.y) };
}

/** Moves the content by shares of the plotting area, towards the high end of each axis. */
export function panViewport(view: Viewport, by: { x: number; y: number }): Viewport {
  const dx = by.x * (view.x[1] - view.x[0]);
  const dy = by.y * (view.y[1] - view.y[0]);
  return { x: [view.x[0] - dx, view.x[1] - dx], y: [view.y[0] - dy, view.y[1] - dy] };
}

/** Keeps the view inside `bounds` on both axes; a view that is larger than the bounds becomes the bounds. */
export function clampViewport(view: Viewport, bounds: Viewport): Viewport {
  return { x: clampRange(view.x, bounds.x), y: clampRange(view.y, bounds.y) };
}

/** After a change of size: the same centre and the same length of a unit. */
export function resizeViewport(view: Viewport, from: Size, to: Size): Viewport {
  return {
    x: zoomRange(view.x, from.width / Math.max(1, to.width), 0.5),
    y: zoomRange(view.y, from.height / Math.max(1, to.height), 0.5),
  };
}

/** The position in `x` and `y` of the point that is nearest to a place in pixels, within `reach` pixels; -1 when there is none. */
export function nearestPoint(
  points: { x: Float32Array; y: Float32Array },
  view: Viewport,
  { width, height }: Size,
  at: { x: number; y: number },
  reach: number,
): number {
  const sx = width / (view.x[1] - view.x[0]);
  const sy = height / (view.y[1] - view.y[0]);
  let best = -1;
  let bestSquare = reach * reach;
  for (let i = 0; i < points.x.length; i++) {
    const dx = (points.x[i]! - view.x[0]) * sx - at.x;
    const dy = height - (points.y[i]! - view.y[0]) * sy - at.y;
    const square = dx * dx + dy * dy;
    if (square <= bestSquare) {
      bestSquare = square;
      best = i;
    }
  }
  return best;
}

function zoomRange([low, high]: [number, number], factor: number, at: number): [number, number] {
  const fixed = low + (high - low) * at;
  return [fixed + (low - fixed) / factor, fixed + (high - fixed) / factor];
}

function clampRange([low, high]: [number, number], [min, max]: [number, number]): [number, number] {
  if (high - low >= max - min) return [min, max];
  if (low < min) return [min, min + high - low];
  return high > max ? [max - (high - low), max] : [low, high];
}

function extent(values: Float32Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

const round = (value: number): number => Number(value.toPrecision(7));

export type Direction = "left" | "right" | "up" | "down";

/** The nearest point on that side of `from` (within 45° of the direction); -1 when there is none. Up is towards larger y. */
export function nextPoint(
  points: { x: Float32Array; y: Float32Array },
  from: number,
  direction: Direction,
  counts: (position: number) => boolean = () => true,
): number {
  const across = direction === "left" || direction === "right";
  const sign = direction === "right" || direction === "up" ? 1 : -1;
  let best = -1;
  let bestSquare = Infinity;
  for (let i = 0; i < points.x.length; i++) {
    const dx = points.x[i]! - points.x[from]!;
    const dy = points.y[i]! - points.y[from]!;
    const along = sign * (across ? dx : dy);
    const square = dx * dx + dy * dy;
    if (along > 0 && along >= Math.abs(across ? dy : dx) && square < bestSquare && counts(i)) {
      bestSquare = square;
      best = i;
    }
  }
  return best;
}
