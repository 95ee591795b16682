import assert from "node:assert/strict";
import { test } from "node:test";
import { splat, type Splat } from "../../../src/charts/splat";

const canvas = () => ({ width: 20, height: 20, pixels: new Uint8ClampedArray(1_600) });
const scene = (change: Partial<Splat> = {}): Splat => ({
  points: { x: Float32Array.of(5), y: Float32Array.of(15), category: Int32Array.of(0) },
  viewport: { x: [0, 20], y: [0, 20] },
  styles: [
    { color: "#ff0000", shape: "circle" },
    { color: "#0000ff", shape: "square" },
  ],
  opacity: [1, 1],
  radius: 3,
  background: "#ffffff",
  ...change,
});
const pixel = ({ pixels }: { pixels: Uint8ClampedArray }, x: number, y: number) => [
  ...pixels.subarray(4 * (y * 20 + x), 4 * (y * 20 + x) + 4),
];

test("a point is drawn where it is, in its colour, and nowhere else", () => {
  const drawn = canvas();
  splat(drawn, scene());
  assert.deepEqual(pixel(drawn, 5, 5), [255, 0, 0, 255]);
  assert.deepEqual(pixel(drawn, 15, 15), [0, 0, 0, 0]);
  const area = drawn.pixels.filter((_, i) => i % 4 === 3).reduce((sum, alpha) => sum + alpha / 255, 0);
  assert.ok(Math.abs(area - Math.PI * 9) < 1.5, `${area} pixels`);
});

test("every shape has about the area of the circle", () => {
  for (const shape of ["circle", "square", "triangle-up", "triangle-down", "diamond", "cross"] as const) {
    const drawn = canvas();
    splat(drawn, scene({ styles: [{ color: "#000000", shape }] }));
    const area = drawn.pixels.filter((_, i) => i % 4 === 3).reduce((sum, alpha) => sum + alpha / 255, 0);
    assert.ok(Math.abs(area / (Math.PI * 9) - 1) < 0.25, `${shape}: ${area} pixels`);
  }
});

test("a point over another lets it shine through by its opacity", () => {
  const points = { x: Float32Array.of(5, 5), y: Float32Array.of(15, 15), category: Int32Array.of(0, 1) };
  const drawn = canvas();
  splat(drawn, scene({ points, opacity: [0.5, 0.5] }));
  const [red, , blue, alpha] = pixel(drawn, 5, 5);
  assert.ok(
    Math.abs(alpha! - 191) <= 1 && Math.abs(blue! - 170) <= 2 && Math.abs(red! - 85) <= 2,
    `${red} ${blue} ${alpha}`,
  );
});

test("what stands out lies over what is faint", () => {
  const points = { x: Float32Array.of(5, 5), y: Float32Array.of(15, 15), category: Int32Array.of(0, 1) };
  const drawn = canvas();
  splat(drawn, scene({ points, opacity: [1, 0.1] }));
  assert.deepEqual(pixel(drawn, 5, 5), [255, 0, 0, 255]);
});

test("a far point fades into the background, a near one has its own colour", () => {
  const places = { x: Float32Array.of(5, 15), y: Float32Array.of(15, 15), category: Int32Array.of(0, 0) };
  const drawn = canvas();
  splat(drawn, scene({ points: { ...places, depth: Float32Array.of(1, 0) }, background: "#000000" }));
  assert.deepEqual(pixel(drawn, 5, 5), [255, 0, 0, 255]);
  const [red, , , alpha] = pixel(drawn, 15, 5);
  assert.ok(red! > 80 && red! < 140 && alpha === 255, `${red} ${alpha}`);
});

test("points at and beyond the edge are cut, not wrapped", () => {
  const points = { x: Float32Array.of(0, 90), y: Float32Array.of(10, 10), category: Int32Array.of(0, 0) };
  const drawn = canvas();
  splat(drawn, scene({ points }));
  assert.deepEqual(pixel(drawn, 0, 10), [255, 0, 0, 255]);
  assert.equal(pixel(drawn, 19, 10)[3], 0);
});
