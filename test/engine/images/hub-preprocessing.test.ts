import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import sharp from "sharp";
import { openEmbedder } from "../../../src/engine/embed/open";
import { openModelStore } from "../../../src/online/models";
import { pictureItems } from "../../support/cards";
import { GraphWriter } from "../../support/onnx-writer";

let base = "";
let made = 0;
before(async () => void (base = await mkdtemp(path.join(os.tmpdir(), "lens-preprocessing-"))));
after(() => rm(base, { recursive: true }));

type Color = [number, number, number];

/** A picture of these rows of colours. */
async function picture(...rows: Color[][]): Promise<string> {
  const file = path.join(base, `picture${made++}.png`);
  const raw = { width: rows[0]!.length, height: rows.length, channels: 3 as const };
  await sharp(Uint8Array.from(rows.flat(2)), { raw })
    .png()
    .toFile(file);
  return file;
}

/** What a graph of the hub gets for a picture: channel after channel, row after row. The model hands its input back. */
async function fed(file: string, preprocessor: object, side: number): Promise<number[]> {
  const folder = path.join(base, `model${made++}`);
  const graph = new GraphWriter();
  const flat = graph.weight("int64", [2], BigInt64Array.of(1n, -1n));
  graph.node("Reshape", ["pixel_values", flat], {}, "image_embeds");
  const input = { name: "pixel_values", type: "float" as const, shape: [1, 3, side, side] };
  const output = { name: "image_embeds", type: "float" as const, shape: [1, 3 * side * side] };
  await mkdir(path.join(folder, "onnx"), { recursive: true });
  await writeFile(path.join(folder, "onnx/model.onnx"), graph.model([input], [output]));
  await writeFile(path.join(folder, "preprocessor_config.json"), JSON.stringify(preprocessor));
  const store = openModelStore({ packageRoot: path.resolve("."), home: path.join(base, "home") });
  const embedder = await openEmbedder(await store.resolve(folder, { signal: new AbortController().signal }));
  try {
    const { data, failed } = await embedder.embed(pictureItems(file));
    assert.deepEqual(failed, []);
    return [...data];
  } finally {
    await embedder.dispose();
  }
}

const RED: Color = [255, 0, 0];
const GREEN: Color = [0, 255, 0];
const BLUE: Color = [0, 0, 255];
const DARK: Color = [10, 20, 30];
/** Pixels as they are: no scale, no mean. */
const bare = { do_rescale: false, do_normalize: false };
const near = (found: number[], expected: number[]): void => {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-5, `${i}: ${value}, not ${expected[i]}`));
};

describe("a picture reaches the graph of a hub folder as its preprocessor_config.json says", () => {
  test("scaled, less the mean, over the deviation of each channel", async () => {
    const config = { size: { height: 1, width: 1 }, image_mean: [0.1, 0.2, 0.3], image_std: [0.5, 0.25, 0.2] };
    const found = await fed(await picture([[51, 102, 204]]), config, 1);
    near(found, [(0.2 - 0.1) / 0.5, (0.4 - 0.2) / 0.25, (0.8 - 0.3) / 0.2]);
    const own = await fed(await picture([[51, 102, 204]]), { ...config, rescale_factor: 1 / 102 }, 1);
    near(own, [(0.5 - 0.1) / 0.5, (1 - 0.2) / 0.25, (2 - 0.3) / 0.2]);
  });

  test("with blue first where the channels are flipped", async () => {
    const config = { ...bare, size: { height: 1, width: 1 } };
    near(await fed(await picture([DARK]), config, 1), DARK);
    near(await fed(await picture([DARK]), { ...config, do_flip_channel_order: true }, 1), [...DARK].reverse());
  });

  test("cut from its middle, or stretched", async () => {
    const wide = await picture([RED, GREEN, BLUE]);
    const crop = { ...bare, do_center_crop: true, size: { shortest_edge: 1 }, crop_size: { height: 1, width: 1 } };
    near(await fed(wide, crop, 1), GREEN);
    const [red, green, blue] = await fed(wide, { ...bare, size: { height: 1, width: 1 } }, 1);
    assert.ok(red! > 40 && green! > 40 && blue! > 40, "all of it is in the one pixel");
  });

  test("resized by the kernel that resample names", async () => {
    const step: Color[] = [
      [0, 0, 0],
      [200, 200, 200],
    ];
    const steps = await picture(step, step);
    const first = async (resample: number): Promise<number[]> =>
      (await fed(steps, { ...bare, size: { height: 8, width: 8 }, resample }, 8)).slice(0, 8);
    const nearest = await first(0);
    assert.deepEqual(nearest, [0, 0, 0, 0, 200, 200, 200, 200]);
    const linear = await first(2);
    assert.ok(linear.some((value) => value > 0 && value < 200) && Math.max(...linear) <= 200);
    const cubic = await first(3);
    assert.ok(Math.max(...cubic) > 200, `a cubic kernel goes beyond the step: ${cubic.join(" ")}`);
  });
});
