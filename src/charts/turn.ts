import type { MapData } from "./data";
import { depthRadius, depthShares, spreadOf } from "./depth";
import { fitViewport, type Size, type Viewport } from "./viewport";

/** How a map of three dimensions is looked at, in radians: around its upright axis, then towards the eye. */
export interface Turn {
  yaw: number;
  pitch: number;
}

/** A little from the side and above, so that depth is seen at once. */
export const FIRST_TURN: Turn = { yaw: 0.5, pitch: 0.35 };

/** Turned on: half a turn for the width of the plot; never over the poles, where left and right would change places. */
export const turnBy = ({ yaw, pitch }: Turn, by: { x: number; y: number }): Turn => ({
  yaw: yaw + by.x * Math.PI,
  pitch: Math.max(-Math.PI / 2, Math.min(Math.PI / 2, pitch - by.y * Math.PI)),
});

/**
 * The map as it is seen from afar (parallel projection) around the middle of its points: the nearest drawn last and larger, the
 * farthest smaller.
 */
export function turned(data: MapData, { yaw, pitch }: Turn): MapData {
  const { x, y, z } = data;
  if (!z) return data;
  const [cx, cy, cz] = [middle(x), middle(y), middle(z)];
  const [cosYaw, sinYaw, cosPitch, sinPitch] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  const n = x.length;
  const across = new Float32Array(n);
  const up = new Float32Array(n);
  const near = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const [dx, dy, dz] = [x[i]! - cx, y[i]! - cy, z[i]! - cz];
    const depth = dz * cosYaw - dx * sinYaw;
    across[i] = dx * cosYaw + dz * sinYaw;
    up[i] = dy * cosPitch - depth * sinPitch;
    near[i] = dy * sinPitch + depth * cosPitch;
  }
  const order = byDepth(near);
  const inOrder = picker(order);
  const depth = inOrder(depthShares(near, spreadOf([x, y, z])), new Float32Array(n));
  const size = data.size ? inOrder(data.size, new Float32Array(n)) : new Float32Array(n).fill(1);
  for (let i = 0; i < n; i++) size[i]! *= depthRadius(depth[i]!);
  return {
    ...data,
    axes: ["", ""],
    ticks: false,
    index: inOrder(data.index, new Int32Array(n)),
    category: inOrder(data.category, new Int32Array(n)),
    size,
    depth,
    x: inOrder(across, new Float32Array(n)),
    y: inOrder(up, new Float32Array(n)),
    z: inOrder(near, new Float32Array(n)),
  };
}

/** Fills a column with the values of another one in an order; a plain loop, since a map is turned with every frame of a drag. */
const picker =
  (order: Int32Array) =>
  <T extends Float32Array | Int32Array>(from: T, to: T): T => {
    for (let i = 0; i < order.length; i++) to[i] = from[order[i]!]!;
    return to;
  };

const DEPTHS = 4_096;

/** The farthest first, told apart in 4,096 steps: one pass over any number of points. */
function byDepth(near: Float32Array): Int32Array {
  let [low, high] = [Infinity, -Infinity];
  for (const value of near) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const scale = high > low ? (DEPTHS - 1) / (high - low) : 0;
  const start = new Int32Array(DEPTHS + 1);
  const step = new Int32Array(near.length);
  for (let i = 0; i < near.length; i++) {
    step[i] = Math.floor((near[i]! - low) * scale);
    start[step[i]! + 1]!++;
  }
  for (let at = 0; at < DEPTHS; at++) start[at + 1]! += start[at]!;
  const order = new Int32Array(near.length);
  for (let i = 0; i < near.length; i++) order[start[step[i]!]!++] = i;
  return order;
}

/** Around the origin: what every turn of the map fits into. */
export function turnBounds({ x, y, z }: Pick<MapData, "x" | "y" | "z">): Viewport {
  const [cx, cy, cz] = [middle(x), middle(y), middle(z ?? x)];
  let radius = 0;
  for (let i = 0; i < x.length; i++) {
    radius = Math.max(radius, Math.hypot(x[i]! - cx, y[i]! - cy, (z?.[i] ?? cz) - cz));
  }
  return { x: [-radius, radius], y: [-radius, radius] };
}

/** Shows all points with a margin, however the map is turned. */
export function wholeViewport(places: Pick<MapData, "x" | "y" | "z">, size: Size): Viewport {
  const { x, y } = places.z ? turnBounds(places) : places;
  return fitViewport(Float32Array.from(x), Float32Array.from(y), size);
}

function middle(values: Float32Array): number {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? (low + high) / 2 : 0;
}
