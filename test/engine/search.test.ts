import assert from "node:assert/strict";
import { mkdtemp, mkdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import sharp from "sharp";
import { forkEngine } from "../../src/engine/client";
import { openModelStore } from "../../src/online/models";
import type { Job } from "../../src/protocol/engine";
import { LensError } from "../../src/protocol/errors";
import { parseRecipe, type RecipeInput } from "../../src/protocol/recipe";
import { cosine } from "../support/numerics";
import { CLIP_COLORS, CLIP_DIMS, colorVector, tinyClip } from "../support/tiny-clip";

const root = path.resolve(".");
const store = openModelStore({ packageRoot: root });
const asked: string[] = [];
const engine = forkEngine({
  entry: path.join(root, "dist/engine.js"),
  host: {
    modelFile: (id, { signal }) => {
      asked.push(id);
      return store.resolve(id, { signal });
    },
  },
});

let base = "";
/** Shades of each colour, in an order that the search has to change. */
const SHADES: { name: string; color: [number, number, number] }[] = [];
before(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), "lens-search-"));
  await tinyClip(path.join(base, "tiny-clip"));
  await tinyClip(path.join(base, "eyes-only"), { text: false });
  await mkdir(path.join(base, "pics"));
  for (const shade of [0.95, 0.8]) {
    for (const [word, [r, g, b]] of Object.entries(CLIP_COLORS)) {
      const [red, green, blue] = [r, g, b].map((c) => Math.round(255 * (c * shade + (1 - c) * (1 - shade))));
      const name = `${shade === 0.8 ? "a" : "b"}-${word}.png`;
      const background = { r: red!, g: green!, b: blue! };
      await sharp({ create: { width: 48, height: 40, channels: 3, background } })
        .png()
        .toFile(path.join(base, "pics", name));
      SHADES.push({ name, color: [red! / 255, green! / 255, blue! / 255] });
    }
  }
  SHADES.sort((a, b) => (a.name < b.name ? -1 : 1));
});
after(async () => {
  await engine.dispose();
  await rm(base, { recursive: true });
});

const job = (recipe: Partial<RecipeInput>, at = base): Job => ({
  base: at,
  recipe: parseRecipe({
    version: 1,
    source: { kind: "images", paths: ["pics"] },
    model: path.join(base, "tiny-clip"),
    reduce: { method: "none" },
    ...recipe,
  }),
});
const sentences = (recipe: Partial<RecipeInput> = {}): Job =>
  job(
    { source: { kind: "lines", paths: ["sentences.txt"] }, model: "glove-100d", ...recipe },
    path.join(root, "media/samples"),
  );

describe("a search by words", () => {
  test("needs vectors in memory", async () => {
    assert.equal(await engine.search(job({}), "red", 3), null);
  });

  test("finds pictures through CLIP's text half", async () => {
    const { items, model } = await engine.run(job({}));
    assert.deepEqual([items.count, model.dims, model.tensor], [10, CLIP_DIMS, "image_embeds"]);
    for (const word of Object.keys(CLIP_COLORS)) {
      const found = await engine.search(job({}), word.toUpperCase(), 10);
      const names = found!.hits.map(({ index }) => items.paths[items.path[index]!]!);
      assert.deepEqual(names.slice(0, 2).sort(), [`pics/a-${word}.png`, `pics/b-${word}.png`]);
      // The towers are known by heart: the similarity is that of the two colours' vectors.
      found!.hits.forEach(({ index, similarity }) => {
        const expected = cosine(colorVector(SHADES[index]!.color), colorVector(CLIP_COLORS[word]!));
        assert.ok(Math.abs(similarity - expected) < 0.02, `${word} ${SHADES[index]!.name}: ${similarity} ${expected}`);
      });
    }
  });

  test("reads as many words as the text half can, and says when there are more", async () => {
    const short = await engine.search(job({}), "a picture that is red", 2);
    assert.deepEqual([short!.truncated, short!.hits.length], [false, 2]);
    const long = await engine.search(job({}), "red ".repeat(100), 1);
    assert.equal(long!.truncated, true);
  });

  test("asks for the model once for the same words", async () => {
    await engine.search(job({}), "blue", 1);
    const before = asked.length;
    await engine.search(job({}), "blue", 5);
    assert.equal(asked.length, before);
  });

  test("is refused in a sentence by a model that reads no words", async () => {
    for (const model of [path.join(base, "eyes-only"), "lens-tiny"]) {
      await engine.run(job({ model }));
      await assert.rejects(
        engine.search(job({ model }), "red", 3),
        (error: unknown) =>
          error instanceof LensError &&
          error.reason === "model" &&
          /reads no words.*such as CLIP\.$/.test(error.message),
      );
    }
  });

  test("of texts uses the model of the texts", async () => {
    await engine.run(sentences());
    const found = await engine.search(sentences(), "Italian food", 3);
    const texts = await engine.texts(
      sentences(),
      Int32Array.from(found!.hits, ({ index }) => index),
      100,
    );
    assert.ok(
      texts.slice(0, 2).some((text) => /Italian cuisine|Pizza/.test(text)),
      texts.join(" | "),
    );
    assert.ok(found!.hits[0]!.similarity > found!.hits[2]!.similarity);
    const own = await engine.search(sentences(), "Pizza is my favorite food", 1);
    assert.ok(own!.hits[0]!.index === 4 && own!.hits[0]!.similarity > 0.999999);
  });

  test("ranks by the metric of the recipe", async () => {
    await engine.run(sentences({ metric: "euclidean" }));
    const found = await engine.search(sentences({ metric: "euclidean" }), "Pizza is my favorite food", 2);
    assert.ok(Math.abs(found!.hits[0]!.similarity - 1) < 1e-6 && found!.hits[1]!.similarity < 0.9);
  });

  test("of words that nobody knows is a sentence", async () => {
    await assert.rejects(
      engine.search(sentences(), "xqzzt", 3),
      (error: unknown) => error instanceof LensError && /knows no word of “xqzzt”/.test(error.message),
    );
  });
});
