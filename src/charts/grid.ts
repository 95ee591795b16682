import type { Size, Viewport } from "./viewport";

export interface Places {
  x: Float32Array;
  y: Float32Array;
}

const PER_CELL = 4;

/**
 * Points by where they lie: a grid of squares, each with its points one after the other. Made once for a map, so that the point under
 * the pointer is found among the few around it, however many there are.
 */
export class PointGrid {
  readonly #low: readonly [number, number];
  /** Cells a unit of each axis. */
  readonly #per: readonly [number, number];
  readonly #across: number;
  /** (cells + 1) where the points of each cell start in `order`. */
  readonly #start: Int32Array;
  /** (n) positions in the columns, cell by cell, within a cell ascending. */
  readonly order: Int32Array;

  constructor(private readonly places: Places) {
    const { x, y } = places;
    const n = x.length;
    const [x0, x1] = extent(x);
    const [y0, y1] = extent(y);
    this.#across = Math.max(1, Math.min(1_024, Math.round(Math.sqrt(n / PER_CELL))));
    const cells = this.#across ** 2;
    this.#low = [x0, y0];
    this.#per = [this.#across / (x1 - x0 || 1), this.#across / (y1 - y0 || 1)];
    const cell = new Int32Array(n);
    this.#start = new Int32Array(cells + 1);
    for (let i = 0; i < n; i++) {
      cell[i] = this.#column(y[i]!, 1) * this.#across + this.#column(x[i]!, 0);
      this.#start[cell[i]! + 1]!++;
    }
    for (let at = 0; at < cells; at++) this.#start[at + 1]! += this.#start[at]!;
    const next = this.#start.slice();
    this.order = new Int32Array(n);
    for (let i = 0; i < n; i++) this.order[next[cell[i]!]!++] = i;
  }

  /**
   * The position of the point that is nearest to a place in pixels, within `reach` pixels; of points in one place the last drawn; -1
   * when there is none.
   * @param counts whether a point may be found; absent: every one
   */
  nearest(
    view: Viewport,
    { width, height }: Size,
    at: { x: number; y: number },
    reach: number,
    counts: (position: number) => boolean = () => true,
  ): number {
    const { x, y } = this.places;
    const sx = width / (view.x[1] - view.x[0]);
    const sy = height / (view.y[1] - view.y[0]);
    const px = view.x[0] + at.x / sx;
    const py = view.y[0] + (height - at.y) / sy;
    let best = -1;
    let bestSquare = reach * reach;
    this.#visit([px - reach / sx, px + reach / sx], [py - reach / sy, py + reach / sy], (i) => {
      const dx = (x[i]! - px) * sx;
      const dy = (y[i]! - py) * sy;
      const square = dx * dx + dy * dy;
      if (square > bestSquare || (square === bestSquare && i < best) || !counts(i)) return;
      bestSquare = square;
      best = i;
    });
    return best;
  }

  /**
   * The positions of all points inside a closed outline, ascending, by the even-odd rule.
   * @param outline corners in the units of the map, x and y in turn
   */
  inside(outline: Float64Array): number[] {
    const { x, y } = this.places;
    const xs = outline.filter((_, i) => i % 2 === 0);
    const ys = outline.filter((_, i) => i % 2 === 1);
    const found: number[] = [];
    this.#visit(extent(xs), extent(ys), (i) => {
      if (isInside(xs, ys, x[i]!, y[i]!)) found.push(i);
    });
    return found.sort((a, b) => a - b);
  }

  #column(value: number, axis: 0 | 1): number {
    const at = Math.floor((value - this.#low[axis]) * this.#per[axis]);
    return at < 0 || Number.isNaN(at) ? 0 : at >= this.#across ? this.#across - 1 : at;
  }

  /** Calls for every point of the cells that a rectangle touches. */
  #visit(xRange: [number, number], yRange: [number, number], visit: (position: number) => void): void {
    const [x0, x1] = xRange.map((value) => this.#column(value, 0)) as [number, number];
    const [y0, y1] = yRange.map((value) => this.#column(value, 1)) as [number, number];
    for (let row = y0; row <= y1; row++) {
      const end = this.#start[row * this.#across + x1 + 1]!;
      for (let k = this.#start[row * this.#across + x0]!; k < end; k++) visit(this.order[k]!);
    }
  }
}

function isInside(xs: Float64Array, ys: Float64Array, x: number, y: number): boolean {
  let odd = false;
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
    if (ys[i]! > y !== ys[j]! > y && x < ((xs[j]! - xs[i]!) * (y - ys[i]!)) / (ys[j]! - ys[i]!) + xs[i]!) odd = !odd;
  }
  return odd;
}

function extent(values: Float32Array | Float64Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

const grids = new WeakMap<Float32Array, PointGrid>();

/** The grid of a map's points, made when it is first needed; the same as long as the columns are. */
export function gridOf(places: Places): PointGrid {
  let grid = grids.get(places.x);
  if (!grid) grids.set(places.x, (grid = new PointGrid(places)));
  return grid;
}
