import type { MapData } from "./data";

/** One point as it stands in the data of the spec. */
export function place(data: MapData, at: number): { x: number; y: number; c: number; s?: number } {
  const { x, y, category, size } = data;
  return { x: digits(x[at]!), y: digits(y[at]!), c: category[at]!, ...(size && { s: digits(size[at]!) }) };
}

/** Seven significant digits: what a float32 holds. */
export const digits = (value: number): number => Number(value.toPrecision(7));
