// The inner loops of t-SNE: barnes-hut.ts and exact.ts say in TypeScript what they compute.
import { total } from "./lanes";

/**
 * The pushes on `count` points of one group in two dimensions by a list of centroids (x, y, mass; f32, `length` a
 * multiple of four, padded with mass 0), two points at a time.
 * @param points x at points[i], y at points[i + stride] (f32)
 * @param force receives x, y of each point (f64), in the order of `points`
 * @returns their share of Z
 */
export function push2(
  x: usize,
  y: usize,
  mass: usize,
  length: i32,
  pointX: usize,
  pointY: usize,
  count: i32,
  force: usize,
): f64 {
  const one = f32x4.splat(1);
  const end = length << 2;
  let sum: f64 = 0;
  for (let i = 0; i < count; i += 2) {
    const second = i + 1 < count ? i + 1 : i;
    const ax = v128.load32_splat(pointX + (i << 2));
    const ay = v128.load32_splat(pointY + (i << 2));
    const bx = v128.load32_splat(pointX + (second << 2));
    const by = v128.load32_splat(pointY + (second << 2));
    let sumA = f32x4.splat(0);
    let sumB = f32x4.splat(0);
    let fax = f32x4.splat(0);
    let fay = f32x4.splat(0);
    let fbx = f32x4.splat(0);
    let fby = f32x4.splat(0);
    for (let at = 0; at < end; at += 16) {
      const px = v128.load(x + at);
      const py = v128.load(y + at);
      const m = v128.load(mass + at);
      const dax = f32x4.sub(ax, px);
      const day = f32x4.sub(ay, py);
      const dbx = f32x4.sub(bx, px);
      const dby = f32x4.sub(by, py);
      const qa = f32x4.div(one, f32x4.add(one, f32x4.add(f32x4.mul(dax, dax), f32x4.mul(day, day))));
      const qb = f32x4.div(one, f32x4.add(one, f32x4.add(f32x4.mul(dbx, dbx), f32x4.mul(dby, dby))));
      const ma = f32x4.mul(m, qa);
      const mb = f32x4.mul(m, qb);
      sumA = f32x4.add(sumA, ma);
      sumB = f32x4.add(sumB, mb);
      const wa = f32x4.mul(ma, qa);
      const wb = f32x4.mul(mb, qb);
      fax = f32x4.add(fax, f32x4.mul(wa, dax));
      fay = f32x4.add(fay, f32x4.mul(wa, day));
      fbx = f32x4.add(fbx, f32x4.mul(wb, dbx));
      fby = f32x4.add(fby, f32x4.mul(wb, dby));
    }
    store<f64>(force + (i << 4), total(fax));
    store<f64>(force + (i << 4) + 8, total(fay));
    sum += total(sumA);
    if (second > i) {
      store<f64>(force + (second << 4), total(fbx));
      store<f64>(force + (second << 4) + 8, total(fby));
      sum += total(sumB);
    }
  }
  return sum;
}

/** Stores the sums of the lanes as three f64. */
function storeTotals(to: usize, x: v128, y: v128, z: v128): void {
  store<f64>(to, total(x));
  store<f64>(to, total(y), 8);
  store<f64>(to, total(z), 16);
}

/**
 * The same in three dimensions, one point at a time.
 * @param force receives x, y, z of each point (f64)
 */
export function push3(
  x: usize,
  y: usize,
  z: usize,
  mass: usize,
  length: i32,
  pointX: usize,
  pointY: usize,
  pointZ: usize,
  count: i32,
  force: usize,
): f64 {
  const one = f32x4.splat(1);
  const end = length << 2;
  let sum: f64 = 0;
  for (let i = 0; i < count; i++) {
    const ax = v128.load32_splat(pointX + (i << 2));
    const ay = v128.load32_splat(pointY + (i << 2));
    const az = v128.load32_splat(pointZ + (i << 2));
    let all = f32x4.splat(0);
    let fx = f32x4.splat(0);
    let fy = f32x4.splat(0);
    let fz = f32x4.splat(0);
    for (let at = 0; at < end; at += 16) {
      const dx = f32x4.sub(ax, v128.load(x + at));
      const dy = f32x4.sub(ay, v128.load(y + at));
      const dz = f32x4.sub(az, v128.load(z + at));
      const square = f32x4.add(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)), f32x4.mul(dz, dz));
      const q = f32x4.div(one, f32x4.add(one, square));
      const m = f32x4.mul(v128.load(mass + at), q);
      all = f32x4.add(all, m);
      const w = f32x4.mul(m, q);
      fx = f32x4.add(fx, f32x4.mul(w, dx));
      fy = f32x4.add(fy, f32x4.mul(w, dy));
      fz = f32x4.add(fz, f32x4.mul(w, dz));
    }
    storeTotals(force + i * 24, fx, fy, fz);
    sum += total(all);
  }
  return sum;
}

/**
 * The attraction of items `from` .. `to` in two dimensions along affinities in compressed rows whose lengths are
 * multiples of four (padded with value 0).
 * @param start (i32), target (i32), value (f32)
 * @param positions x, y of each item (f32)
 * @param force receives x, y of each item (f64)
 */
export function attract2(
  start: usize,
  target: usize,
  value: usize,
  positions: usize,
  force: usize,
  from: i32,
  to: i32,
): void {
  const one = f32x4.splat(1);
  for (let i = from; i < to; i++) {
    const x = v128.load32_splat(positions + (i << 3));
    const y = v128.load32_splat(positions + (i << 3) + 4);
    let fx = f32x4.splat(0);
    let fy = f32x4.splat(0);
    const end = load<i32>(start + (i << 2) + 4) << 2;
    for (let at = load<i32>(start + (i << 2)) << 2; at < end; at += 16) {
      const t = target + at;
      const low = v128.load64_lane(
        positions + (load<i32>(t, 4) << 3),
        v128.load64_zero(positions + (load<i32>(t) << 3)),
        1,
      );
      const high = v128.load64_lane(
        positions + (load<i32>(t, 12) << 3),
        v128.load64_zero(positions + (load<i32>(t, 8) << 3)),
        1,
      );
      const dx = f32x4.sub(x, v128.shuffle<f32>(low, high, 0, 2, 4, 6));
      const dy = f32x4.sub(y, v128.shuffle<f32>(low, high, 1, 3, 5, 7));
      const w = f32x4.div(v128.load(value + at), f32x4.add(one, f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy))));
      fx = f32x4.add(fx, f32x4.mul(w, dx));
      fy = f32x4.add(fy, f32x4.mul(w, dy));
    }
    store<f64>(force + (i << 4), total(fx));
    store<f64>(force + (i << 4) + 8, total(fy));
  }
}

/**
 * The same in three dimensions.
 * @param positions x, y, z, 0 of each item (f32)
 * @param force receives x, y, z of each item (f64)
 */
export function attract3(
  start: usize,
  target: usize,
  value: usize,
  positions: usize,
  force: usize,
  from: i32,
  to: i32,
): void {
  const one = f32x4.splat(1);
  for (let i = from; i < to; i++) {
    const own = positions + (i << 4);
    const x = v128.load32_splat(own);
    const y = v128.load32_splat(own + 4);
    const z = v128.load32_splat(own + 8);
    let fx = f32x4.splat(0);
    let fy = f32x4.splat(0);
    let fz = f32x4.splat(0);
    const end = load<i32>(start + (i << 2) + 4) << 2;
    for (let at = load<i32>(start + (i << 2)) << 2; at < end; at += 16) {
      const t = target + at;
      const a = v128.load(positions + (load<i32>(t) << 4));
      const b = v128.load(positions + (load<i32>(t, 4) << 4));
      const c = v128.load(positions + (load<i32>(t, 8) << 4));
      const d = v128.load(positions + (load<i32>(t, 12) << 4));
      const abXY = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const cdXY = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const dx = f32x4.sub(x, v128.shuffle<f32>(abXY, cdXY, 0, 1, 4, 5));
      const dy = f32x4.sub(y, v128.shuffle<f32>(abXY, cdXY, 2, 3, 6, 7));
      const abZ = v128.shuffle<f32>(a, b, 2, 6, 2, 6);
      const cdZ = v128.shuffle<f32>(c, d, 2, 6, 2, 6);
      const dz = f32x4.sub(z, v128.shuffle<f32>(abZ, cdZ, 0, 1, 4, 5));
      const square = f32x4.add(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy)), f32x4.mul(dz, dz));
      const w = f32x4.div(v128.load(value + at), f32x4.add(one, square));
      fx = f32x4.add(fx, f32x4.mul(w, dx));
      fy = f32x4.add(fy, f32x4.mul(w, dy));
      fz = f32x4.add(fz, f32x4.mul(w, dz));
    }
    storeTotals(force + i * 24, fx, fy, fz);
  }
}
