import assert from "node:assert/strict";
import { test } from "node:test";
import { categoryStyle, divergingColor, greyStyle, parseHex, rampColor, type Shade } from "../../../src/charts/palette";
import { DARK_THEME, LIGHT_THEME } from "../../../src/charts/theme";

/** Machado et al. 2009, severity 1, on linear RGB. */
const EYES = {
  all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

const linear = (hex: string): number[] =>
  parseHex(hex).map((part) => (part <= 10 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
const seen = (color: number[], eye: number[]): number[] =>
  [0, 1, 2].map((i) =>
    Math.min(
      1,
      Math.max(
        0,
        color.reduce((sum, part, j) => sum + part * eye[3 * i + j]!, 0),
      ),
    ),
  );
const luminance = ([red, green, blue]: number[]): number => 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

/** Björn Ottosson's OKLab. */
function oklab([r, g, b]: number[]): number[] {
  const l = Math.cbrt(0.4122214708 * r! + 0.5363325363 * g! + 0.0514459929 * b!);
  const m = Math.cbrt(0.2119034982 * r! + 0.6806995451 * g! + 0.1073969566 * b!);
  const s = Math.cbrt(0.0883024619 * r! + 0.2817188376 * g! + 0.6299787005 * b!);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

for (const [shade, background] of [
  ["light", LIGHT_THEME.background],
  ["dark", DARK_THEME.background],
] as [Shade, string][]) {
  const colors = [...Array.from({ length: 10 }, (_, i) => categoryStyle(i, shade).color), greyStyle(shade).color];

  test(`${shade}: every colour stands out from the background by 3:1`, () => {
    for (const color of colors) assert.ok(contrast(color, background) >= 3, `${color} ${contrast(color, background)}`);
  });

  test(`${shade}: every two colours differ for every kind of eye`, () => {
    for (const [name, eye] of Object.entries(EYES)) {
      const labs = colors.map((color) => oklab(seen(linear(color), eye)));
      labs.forEach((a, i) =>
        labs.slice(0, i).forEach((b, j) => {
          const distance = 100 * Math.hypot(...a.map((part, k) => part - b[k]!));
          assert.ok(distance >= 8, `${name}: ${colors[i]} and ${colors[j]} are ${distance.toFixed(1)} apart`);
        }),
      );
    }
  });
}

test("a category keeps its hue when the theme changes", () => {
  const hue = (color: string): number => {
    const [, a, b] = oklab(linear(color));
    return (Math.atan2(b!, a!) * 180) / Math.PI;
  };
  for (let i = 0; i < 10; i++) {
    const [light, dark] = [categoryStyle(i, "light"), categoryStyle(i, "dark")].map(({ color }) => hue(color));
    const apart = Math.abs(light! - dark!);
    assert.ok(Math.min(apart, 360 - apart) < 35, `category ${i}: ${light} and ${dark} degrees`);
  }
});

test("sixty categories differ in colour or shape", () => {
  const styles = Array.from({ length: 60 }, (_, i) => JSON.stringify(categoryStyle(i, "light")));
  assert.equal(new Set(styles).size, 60);
});

test("the diverging scale runs from blue over light grey to red", () => {
  assert.deepEqual(divergingColor(0), [0x3b, 0x4c, 0xc0]);
  assert.deepEqual(divergingColor(0.5), [0xdd, 0xdd, 0xdd]);
  assert.deepEqual(divergingColor(1), [0xb4, 0x04, 0x26]);
  assert.deepEqual(divergingColor(7), divergingColor(1));
});

test("every scale of numbers stands out from the background by 3:1 at every step", () => {
  for (const ramp of ["sequential", "diverging"] as const) {
    for (const { shade, background } of [LIGHT_THEME, DARK_THEME]) {
      for (let step = 0; step <= 20; step++) {
        const color = rampColor(ramp, step / 20, shade);
        assert.ok(contrast(color, background) >= 3, `${ramp} ${shade} ${step}: ${color}`);
      }
    }
  }
});

test("numbers in order have contrasts in order, in both shades", () => {
  for (const { shade, background } of [LIGHT_THEME, DARK_THEME]) {
    const contrasts = Array.from({ length: 21 }, (_, step) =>
      contrast(rampColor("sequential", step / 20, shade), background),
    );
    assert.ok(
      contrasts.every((one, step) => step === 0 || one > contrasts[step - 1]!),
      `${shade}: ${contrasts.map((one) => one.toFixed(1)).join(" ")}`,
    );
  }
});
