// The repulsion of t-SNE of many items by a grid: test/support/plain-grid.ts says in TypeScript what these compute. Matrices are n × n
// (f32, re and im apart, row-major); n is a multiple of 16 and has no factors but 2 and 3.
import { total } from "./lanes";

/** Transforms run in a panel: 16 columns of the matrix, for each row 16 real and 16 imaginary parts, so that all stages stay in the cache. */
const PANEL: i32 = 16;
const PART: i32 = 64;
const ROW: i32 = 128;

// --- one panel: `turn` has cos and −sin of 2π·i/n, n of each ---

/** Forward by decimation in frequency: rows are left in the order of reversed digits. No row is moved to its place, products don't need it. */
function forward(panel: usize, n: i32, turn: usize): void {
  let size = n;
  for (; size % 3 == 0; size /= 3) thirds(panel, n, size, turn, false);
  for (; size % 4 == 0; size >>= 2) quarters(panel, n, size, turn, false);
  if (size == 2) halves(panel, n);
}

/** Back from that order by decimation in time, without the factor 1/n. */
function back(panel: usize, n: i32, turn: usize): void {
  let odd = n;
  while (odd % 2 == 0) odd >>= 1;
  const even = n / odd;
  let size = 4;
  // An odd power of two begins with one stage of two.
  if (ctz(even) % 2 == 1) {
    halves(panel, n);
    size = 8;
  }
  for (; size <= even; size <<= 2) quarters(panel, n, size, turn, true);
  for (size = 3 * even; size <= n; size *= 3) thirds(panel, n, size, turn, true);
}

/** Sums and differences of neighbouring rows: the stage of two, its own inverse but for the factor. */
function halves(panel: usize, n: i32): void {
  for (let at = panel; at < panel + n * ROW; at += 2 * ROW) {
    for (let lane = 0; lane < ROW; lane += 16) {
      const a = v128.load(at + lane);
      const b = v128.load(at + lane + ROW);
      v128.store(at + lane, f32x4.add(a, b));
      v128.store(at + lane + ROW, f32x4.sub(a, b));
    }
  }
}

/** A stage of three rows that are a third of `size` apart. */
function thirds(panel: usize, n: i32, size: i32, turn: usize, isBack: bool): void {
  const far = (size / 3) * ROW;
  const half = f32x4.splat(0.5);
  const sine = f32x4.splat(0.8660254037844386);
  for (let s = 0; s < n; s += size) {
    for (let j = 0; j < size / 3; j++) {
      const row = panel + (s + j) * ROW;
      if (isBack) turnRows(row, far, 3, turn, n, (n / size) * j, true);
      for (let r = row; r < row + PART; r += 16) {
        const i = r + PART;
        const ar = v128.load(r);
        const ai = v128.load(i);
        const br = v128.load(r + far);
        const bi = v128.load(i + far);
        const cr = v128.load(r + 2 * far);
        const ci = v128.load(i + 2 * far);
        const tr = f32x4.add(br, cr);
        const ti = f32x4.add(bi, ci);
        const mr = f32x4.sub(ar, f32x4.mul(half, tr));
        const mi = f32x4.sub(ai, f32x4.mul(half, ti));
        const dr = f32x4.mul(sine, f32x4.sub(br, cr));
        const di = f32x4.mul(sine, f32x4.sub(bi, ci));
        // The middle ∓ i·(b − c)·√3/2: back they change places.
        const low = r + (isBack ? 2 * far : far);
        const high = r + (isBack ? far : 2 * far);
        v128.store(r, f32x4.add(ar, tr));
        v128.store(i, f32x4.add(ai, ti));
        v128.store(low, f32x4.add(mr, di));
        v128.store(low + PART, f32x4.sub(mi, dr));
        v128.store(high, f32x4.sub(mr, di));
        v128.store(high + PART, f32x4.add(mi, dr));
      }
      if (!isBack) turnRows(row, far, 3, turn, n, (n / size) * j, false);
    }
  }
}

/** A stage of four rows that are a quarter of `size` apart. */
function quarters(panel: usize, n: i32, size: i32, turn: usize, isBack: bool): void {
  const far = (size >> 2) * ROW;
  for (let s = 0; s < n; s += size) {
    for (let j = 0; j < size >> 2; j++) {
      const row = panel + (s + j) * ROW;
      if (isBack) turnRows(row, far, 4, turn, n, (n / size) * j, true);
      for (let r = row; r < row + PART; r += 16) {
        const i = r + PART;
        const ar = v128.load(r);
        const ai = v128.load(i);
        const br = v128.load(r + far);
        const bi = v128.load(i + far);
        const cr = v128.load(r + 2 * far);
        const ci = v128.load(i + 2 * far);
        const dr = v128.load(r + 3 * far);
        const di = v128.load(i + 3 * far);
        const t0r = f32x4.add(ar, cr);
        const t0i = f32x4.add(ai, ci);
        const t1r = f32x4.sub(ar, cr);
        const t1i = f32x4.sub(ai, ci);
        const t2r = f32x4.add(br, dr);
        const t2i = f32x4.add(bi, di);
        const t3r = f32x4.sub(br, dr);
        const t3i = f32x4.sub(bi, di);
        // t1 ∓ i·t3: back they change places.
        const low = r + (isBack ? 3 * far : far);
        const high = r + (isBack ? far : 3 * far);
        v128.store(r, f32x4.add(t0r, t2r));
        v128.store(i, f32x4.add(t0i, t2i));
        v128.store(r + 2 * far, f32x4.sub(t0r, t2r));
        v128.store(i + 2 * far, f32x4.sub(t0i, t2i));
        v128.store(low, f32x4.add(t1r, t3i));
        v128.store(low + PART, f32x4.sub(t1i, t3r));
        v128.store(high, f32x4.sub(t1r, t3i));
        v128.store(high + PART, f32x4.add(t1i, t3r));
      }
      if (!isBack) turnRows(row, far, 4, turn, n, (n / size) * j, false);
    }
  }
}
/** Turns the rows after the first of a butterfly by once, twice, ... the angle 2π·k/n, or back by it. */
function turnRows(first: usize, far: i32, count: i32, turn: usize, n: i32, k: i32, isBack: bool): void {
  if (k == 0) return;
  for (let times = 1; times < count; times++) {
    const at = turn + ((times * k) << 2);
    const c = v128.load32_splat(at);
    const sine = v128.load32_splat(at + (n << 2));
    const s = isBack ? f32x4.neg(sine) : sine;
    const row = first + times * far;
    for (let r = row; r < row + PART; r += 16) {
      const re = v128.load(r);
      const im = v128.load(r + PART);
      v128.store(r, f32x4.sub(f32x4.mul(re, c), f32x4.mul(im, s)));
      v128.store(r + PART, f32x4.add(f32x4.mul(re, s), f32x4.mul(im, c)));
    }
  }
}

// --- the matrix ---

/**
 * Transforms the first `used` columns, of which the first `used` rows hold anything.
 * @param used a multiple of 16, at most n
 * @param panel room for n · 32 numbers
 */
function columnsForward(re: usize, im: usize, n: i32, used: i32, panel: usize, turn: usize): void {
  for (let c = 0; c < used << 2; c += PART) {
    columnsToPanel(re + c, im + c, n, used, panel);
    forward(panel, n, turn);
    panelToColumns(re + c, im + c, n, n, panel);
  }
}

/** Back along the first `used` columns; of the rows only the first `used` are kept. */
function columnsBack(re: usize, im: usize, n: i32, used: i32, panel: usize, turn: usize): void {
  for (let c = 0; c < used << 2; c += PART) {
    columnsToPanel(re + c, im + c, n, n, panel);
    back(panel, n, turn);
    panelToColumns(re + c, im + c, n, used, panel);
  }
}

/** Sixteen columns of the matrix become a panel; of their rows the first `used` hold anything. */
function columnsToPanel(re: usize, im: usize, n: i32, used: i32, panel: usize): void {
  const pitch = n << 2;
  for (let at = 0; at < used * pitch; at += pitch, panel += ROW) {
    memory.copy(panel, re + at, PART);
    memory.copy(panel + PART, im + at, PART);
  }
  memory.fill(panel, 0, (n - used) * ROW);
}

/** The first `used` rows of sixteen columns, back from a panel. */
function panelToColumns(re: usize, im: usize, n: i32, used: i32, panel: usize): void {
  const pitch = n << 2;
  for (let at = 0; at < used * pitch; at += pitch, panel += ROW) {
    memory.copy(re + at, panel, PART);
    memory.copy(im + at, panel + PART, PART);
  }
}

/** Sixteen rows of the matrix become a panel; of their columns the first `used` hold anything. */
function rowsToPanel(re: usize, im: usize, n: i32, used: i32, panel: usize): void {
  const pitch = n << 2;
  for (let part = 0; part < 2; part++) {
    const from = part == 0 ? re : im;
    for (let r = 0; r < PANEL; r += 4) {
      for (let c = 0; c < used; c += 4) {
        const at = from + r * pitch + (c << 2);
        storeTransposed(
          panel + c * ROW + part * PART + (r << 2),
          ROW,
          v128.load(at),
          v128.load(at + pitch),
          v128.load(at + 2 * pitch),
          v128.load(at + 3 * pitch),
        );
      }
    }
  }
  memory.fill(panel + used * ROW, 0, (n - used) * ROW);
}

/** The first `used` columns of sixteen rows, back from a panel. */
function panelToRows(re: usize, im: usize, n: i32, used: i32, panel: usize): void {
  const pitch = n << 2;
  for (let part = 0; part < 2; part++) {
    const to = part == 0 ? re : im;
    for (let r = 0; r < PANEL; r += 4) {
      for (let c = 0; c < used; c += 4) {
        const at = panel + c * ROW + part * PART + (r << 2);
        storeTransposed(
          to + r * pitch + (c << 2),
          pitch,
          v128.load(at),
          v128.load(at + ROW),
          v128.load(at + 2 * ROW),
          v128.load(at + 3 * ROW),
        );
      }
    }
  }
}

/** Four rows of four numbers, stored as columns. */
function storeTransposed(to: usize, row: i32, r0: v128, r1: v128, r2: v128, r3: v128): void {
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5));
  v128.store(to + row, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7));
  v128.store(to + 2 * row, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5));
  v128.store(to + 3 * row, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7));
}

/**
 * The spectrum of a whole matrix, which is lost: panel after panel of sixteen of its rows (their order is that of reversed digits), in each a
 * row of 16 real and 16 imaginary parts for every column (in that order too).
 * @param spectrum (2 · n²)
 */
export function spectrum(re: usize, im: usize, n: i32, spectrum: usize, panel: usize, turn: usize): void {
  columnsForward(re, im, n, n, panel, turn);
  const pitch = n << 2;
  for (let row = 0; row < n; row += PANEL) {
    const to = spectrum + row * n * 8;
    rowsToPanel(re + row * pitch, im + row * pitch, n, n, to);
    forward(to, n, turn);
  }
}

/**
 * Convolves a matrix, whose first `used` rows and columns hold anything, by a kernel, in place; of the result these rows and columns are
 * there, n² times too large.
 * @param factor the kernel's `spectrum`
 * @param weight (n²) the real part of another spectrum
 * @returns the sum of weight · |spectrum of the matrix|²
 */
export function convolve(
  re: usize,
  im: usize,
  n: i32,
  used: i32,
  factor: usize,
  weight: usize,
  panel: usize,
  turn: usize,
): f64 {
  columnsForward(re, im, n, used, panel, turn);
  const pitch = n << 2;
  let sum: f64 = 0;
  for (let row = 0; row < n; row += PANEL) {
    rowsToPanel(re + row * pitch, im + row * pitch, n, used, panel);
    forward(panel, n, turn);
    sum += multiply(panel, n, factor + row * n * 8, weight + row * n * 4);
    back(panel, n, turn);
    panelToRows(re + row * pitch, im + row * pitch, n, used, panel);
  }
  columnsBack(re, im, n, used, panel, turn);
  return sum;
}

function multiply(panel: usize, n: i32, factor: usize, weight: usize): f64 {
  let sum: f64 = 0;
  for (let row = 0; row < n; row++) {
    let part = f32x4.splat(0);
    for (let lane = 0; lane < PART; lane += 16) {
      const r = v128.load(panel + lane);
      const i = v128.load(panel + lane + PART);
      const br = v128.load(factor + lane);
      const bi = v128.load(factor + lane + PART);
      part = f32x4.add(part, f32x4.mul(v128.load(weight + lane), f32x4.add(f32x4.mul(r, r), f32x4.mul(i, i))));
      v128.store(panel + lane, f32x4.sub(f32x4.mul(r, br), f32x4.mul(i, bi)));
      v128.store(panel + lane + PART, f32x4.add(f32x4.mul(r, bi), f32x4.mul(i, br)));
    }
    sum += total(part);
    panel += ROW;
    factor += ROW;
    weight += PART;
  }
  return sum;
}

// --- points and nodes ---

/** The four cubic B-splines that a point at `u` (0 to 1) of its cell is under, lane by lane. */
function splines(u: f32): v128 {
  const v = f32x4.splat(u);
  const w = f32x4.mul(v, f32x4(-1 / 6, 0.5, -0.5, 1 / 6));
  const x = f32x4.mul(v, f32x4.add(w, f32x4(0.5, -1, 0.5, 0)));
  const y = f32x4.mul(v, f32x4.add(x, f32x4(-0.5, 0, 0.5, 0)));
  return f32x4.add(y, f32x4(1 / 6, 2 / 3, 1 / 6, 0));
}

/**
 * Adds each point's charge of 1 to the 4 × 4 nodes around it.
 * @param positions (count × 2, f64)
 * @param scale nodes for a unit of positions, from node 0 at (x, y)
 */
export function spread(positions: usize, count: i32, x: f64, y: f64, scale: f64, re: usize, n: i32): void {
  const pitch = n << 2;
  for (let end = positions + (count << 4); positions < end; positions += 16) {
    const px = (load<f64>(positions) - x) * scale;
    const py = (load<f64>(positions, 8) - y) * scale;
    const column = <i32>px;
    const row = <i32>py;
    const across = splines(<f32>(px - <f64>column));
    const down = splines(<f32>(py - <f64>row));
    const at = re + row * pitch + (column << 2);
    add(at, across, f32x4.splat(f32x4.extract_lane(down, 0)));
    add(at + pitch, across, f32x4.splat(f32x4.extract_lane(down, 1)));
    add(at + 2 * pitch, across, f32x4.splat(f32x4.extract_lane(down, 2)));
    add(at + 3 * pitch, across, f32x4.splat(f32x4.extract_lane(down, 3)));
  }
}

function add(at: usize, values: v128, by: v128): void {
  v128.store(at, f32x4.add(v128.load(at), f32x4.mul(values, by)));
}

/**
 * What the nodes around each point hold, by the same splines and times `share`: re as its first coordinate, im as its second.
 * @param force (count × 2, f64)
 */
export function take(
  positions: usize,
  count: i32,
  x: f64,
  y: f64,
  scale: f64,
  re: usize,
  im: usize,
  n: i32,
  share: f64,
  force: usize,
): void {
  const pitch = n << 2;
  for (let end = positions + (count << 4); positions < end; positions += 16, force += 16) {
    const px = (load<f64>(positions) - x) * scale;
    const py = (load<f64>(positions, 8) - y) * scale;
    const column = <i32>px;
    const row = <i32>py;
    const across = splines(<f32>(px - <f64>column));
    const down = splines(<f32>(py - <f64>row));
    const at = row * pitch + (column << 2);
    store<f64>(force, total(f32x4.mul(across, held(re + at, pitch, down))) * share);
    store<f64>(force + 8, total(f32x4.mul(across, held(im + at, pitch, down))) * share);
  }
}

/** Four rows, weighted. */
function held(at: usize, pitch: i32, down: v128): v128 {
  const a = f32x4.mul(v128.load(at), f32x4.splat(f32x4.extract_lane(down, 0)));
  const b = f32x4.mul(v128.load(at + pitch), f32x4.splat(f32x4.extract_lane(down, 1)));
  const c = f32x4.mul(v128.load(at + 2 * pitch), f32x4.splat(f32x4.extract_lane(down, 2)));
  const d = f32x4.mul(v128.load(at + 3 * pitch), f32x4.splat(f32x4.extract_lane(down, 3)));
  return f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
}
