import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { forkEngine } from "../../src/engine/client";
import { openModelStore } from "../../src/online/models";
import type { Job } from "../../src/protocol/engine";
import { LensError } from "../../src/protocol/errors";
import { parseRecipe, type RecipeInput } from "../../src/protocol/recipe";

const root = path.resolve(".");
/** A tiny transformer that reads 48 tokens. */
const TINY = path.join(root, "test/fixtures/tiny-bert");
const store = openModelStore({ packageRoot: root });
const engine = forkEngine({
  entry: path.join(root, "dist/engine.js"),
  host: { modelFile: (id, { signal }) => store.resolve(id, { signal }) },
});

const SUN = "The sun is shining today and the ocean waves are calming.";
const PIZZA = "Pizza is my favorite food and I lost my card.";
/** Two headings, each with far more than 48 tokens. */
const LONG = `\n\n# Sun\n\n${`${SUN}\n`.repeat(12)}\n# Pizza\n\n${`${PIZZA}\n`.repeat(12)}`;

let base = "";
before(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), "lens-long-"));
  await writeFile(path.join(base, "long.md"), LONG);
  await writeFile(path.join(base, "short.md"), PIZZA);
});
after(async () => {
  await engine.dispose();
  await rm(base, { recursive: true });
});

const job = (source: Partial<RecipeInput["source"]> = {}, model = TINY): Job => ({
  base,
  recipe: parseRecipe({
    version: 1,
    source: { kind: "files", paths: ["long.md", "short.md"], ...source },
    model,
    reduce: { method: "none" },
  }),
});

describe("a text that is longer than the model's window", () => {
  test("is cut and counted when nobody chooses otherwise", async () => {
    const { items, truncated, warnings } = await engine.run(job());
    assert.equal(items.count, 2);
    assert.equal(truncated, 1);
    assert.match(warnings.join(), /1 of 2 texts are longer than the window of 48 tokens/);
  });

  test("is split into passages at their lines, each within the window", async () => {
    const split = job({ long: "split" });
    const { items, truncated, notes, total } = await engine.run(split);
    assert.ok(items.count > 6 && total === items.count, `${items.count} passages`);
    assert.equal(truncated, undefined, "no passage is cut");
    assert.match(notes!.join(), new RegExp(`1 of 2 texts .* 48 tokens and were split: ${items.count} passages`));
    assert.deepEqual([items.placeKind, items.labels], ["line", ["long.md", "short.md"]]);
    const texts = await engine.texts(split, items.source, 1_000);
    const lines = LONG.split("\n");
    texts.slice(0, -1).forEach((text, i) => {
      assert.ok(
        lines[items.line[i]! - 1]!.startsWith(text.split("\n")[0]!),
        `line ${items.line[i]} begins passage ${i}`,
      );
    });
    assert.ok(texts.some((text) => text.startsWith("# Pizza")) && !texts.some((text) => /ocean[^]*# Pizza/.test(text)));
    assert.equal(texts.at(-1), PIZZA);
  });

  test("gives a seeded sample of its passages", async () => {
    const all = await engine.run(job({ long: "split" }));
    const some = await engine.run(job({ long: "split", sample: 4 }));
    assert.deepEqual([some.items.count, some.total], [4, all.items.count]);
  });

  test("is one item with the mean of its passages", async () => {
    const average = job({ long: "average" });
    const { items, truncated, notes } = await engine.run(average);
    assert.deepEqual([items.count, items.placeKind, truncated], [2, "none", undefined]);
    assert.match(notes!.join(), /1 of 2 texts .*mean of its passages/);
    const { data, cols } = await engine.vectors(average);
    const parts = await engine.vectors(job({ long: "split" }));
    const partTexts = await engine.texts(
      job({ long: "split" }),
      Int32Array.from({ length: parts.rows }, (_, i) => i),
      9e5,
    );
    const mean = new Float64Array(cols);
    for (let row = 0; row < parts.rows - 1; row++)
      for (let d = 0; d < cols; d++) mean[d]! += partTexts[row]!.length * parts.data[row * cols + d]!;
    const length = Math.hypot(...mean);
    for (let d = 0; d < cols; d++) assert.ok(Math.abs(mean[d]! / length - data[d]!) < 1e-5);
    const cut = await engine.vectors(job());
    assert.deepEqual(data.slice(cols), cut.data.slice(cols), "a text that fits has the vector it had");
    assert.notDeepEqual(data.slice(0, cols), cut.data.slice(0, cols));
  });

  test("is split by pages for word vectors, which read all of it and need no mean", async () => {
    await writeFile(path.join(base, "book.md"), `${SUN}\n`.repeat(60));
    const book = { paths: ["book.md"] };
    const split = await engine.run(job({ ...book, long: "split" }, "glove-100d"));
    assert.ok(split.items.count >= 3, `${split.items.count} passages`);
    const [cut, average] = [job(book, "glove-100d"), job({ ...book, long: "average" }, "glove-100d")];
    assert.deepEqual((await engine.vectors(average)).data, (await engine.vectors(cut)).data);
  });

  test("of lines becomes passages at the line", async () => {
    await writeFile(path.join(base, "lines.txt"), `short\n${SUN.repeat(12)}\n${PIZZA}\n`);
    const { items } = await engine.run(job({ kind: "lines", paths: ["lines.txt"], long: "split" }));
    assert.equal(items.line[0], 1);
    assert.ok(items.count > 4 && items.line.slice(1, -1).every((line) => line === 2));
    assert.equal(items.line.at(-1), 3);
  });

  test("that is none of the three ways is refused with the field's name", () => {
    assert.throws(
      () => parseRecipe({ version: 1, source: { kind: "lines", paths: ["a"], long: "half" }, model: "m" }),
      (error: unknown) => error instanceof LensError && /source\.long/.test(error.message),
    );
  });
});
