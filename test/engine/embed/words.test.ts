import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { englishOnlyWarning, openWords } from "../../../src/engine/embed/words";
import { glove, root } from "../../support/glove";
import { folderOf, load } from "../../support/sources";

const item = (text: string) => ({ text, label: null, path: "a.txt" });

async function vectorsOf(texts: readonly string[]): Promise<Float32Array[]> {
  const model = await openWords(glove);
  const { data, failed } = await model.embed(texts.map(item));
  assert.deepEqual(failed, []);
  return texts.map((_, i) => data.subarray(i * model.dims, (i + 1) * model.dims));
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, d) => sum + value * y[d]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test("the nearest neighbour of at least 19 of the 20 sentences is their partner; sun is nearer to day than to Italian", async () => {
  const { items } = await load(root, { kind: "lines", paths: ["media/samples/sentences.txt"] });
  assert.equal(items.length, 20);
  const vectors = await vectorsOf(items.map(({ text }) => text!));
  const nearest = vectors.map((a, i) => {
    const others = vectors.map((b, j) => (i === j ? -2 : cosine(a, b)));
    return others.indexOf(Math.max(...others));
  });
  const partners = nearest.filter((j, i) => j === (i ^ 1)).length;
  assert.ok(partners >= 19, `${partners} of 20`);
  const [sun, day, italian] = [vectors[0]!, vectors[1]!, vectors[5]!];
  assert.ok(cosine(sun, day) >= cosine(sun, italian) + 0.2);
});

test("a vector is the mean by inverse frequency, less the common mean and the part along the common direction", async (t) => {
  const npy = (descr: string, shape: string, data: Int8Array | Float32Array): Buffer => {
    const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117) + "\n";
    const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
    return Buffer.concat([start, Buffer.from(header), Buffer.from(data.buffer)]);
  };
  const folder = folderOf(t, {
    "words.txt": "often\nseldom\n",
    "vectors.npy": npy("|i1", "(2, 3)", Int8Array.of(1, 2, 3, -4, 5, 6)),
    "scales.npy": npy("<f4", "(2,)", Float32Array.of(0.5, 2)),
    "common.npy": npy("<f4", "(2, 3)", Float32Array.of(0.25, 0.5, 1, 0, 0, 1)),
  });
  const model = await openWords({ card: { ...glove.card, dims: 3 }, folder });
  const { data } = await model.embed([item("often seldom often")]);
  // Zipf: p = 1 / (rank · 1.5); weight = 0.001 / (0.001 + p).
  const [often, seldom] = [0.001 / (0.001 + 2 / 3), 0.001 / (0.001 + 1 / 3)];
  const mean = (a: number, b: number): number => (2 * often * a + seldom * b) / (2 * often + seldom);
  const expected = [mean(0.5, -8) - 0.25, mean(1, 10) - 0.5, 0];
  expected.forEach((value, d) => assert.ok(Math.abs(data[d]! - value) < 1e-6, `${d}: ${data[d]}, not ${value}`));
});

test("a vector belongs to its text alone, and word order and case don't count", async () => {
  const [alone] = await vectorsOf(["the sun is shining"]);
  const [, among, shuffled, other] = await vectorsOf(["pizza", "the sun is shining", "IS the Shining sun!", "rain"]);
  assert.deepEqual(among, alone);
  assert.ok(cosine(alone!, shuffled!) > 0.999999);
  assert.ok(cosine(alone!, other!) < 0.9);
});

test("related words are nearer than unrelated ones", async () => {
  const [cat, kitten, tax] = await vectorsOf(["cat", "kitten", "tax"]);
  assert.ok(cosine(cat!, kitten!) > cosine(cat!, tax!) + 0.2);
});

test("a text without a known word is left out by name, its row is zero and the others are embedded", async () => {
  const model = await openWords(glove);
  const { data, failed } = await model.embed(["good day", "qwzx 123", "", "доброе утро", "bad day"].map(item));
  const reason = "no word of it is known to glove-100d";
  assert.deepEqual(failed, [
    { at: 1, reason },
    { at: 2, reason },
    { at: 3, reason },
  ]);
  assert.ok(data.subarray(100, 400).every((value) => value === 0));
  assert.ok(data.subarray(400).some((value) => value !== 0));
  assert.ok(data.every(Number.isFinite));
});

test("the warning that the model knows English only comes when over half of the texts have no known word", () => {
  assert.equal(englishOnlyWarning(0, 0), null);
  assert.equal(englishOnlyWarning(5, 10), null);
  assert.match(englishOnlyWarning(6, 10) ?? "", /^6 of 10 texts .* English only.*multilingual-e5-small/);
});

test("the model's files are those of its card", () => {
  for (const { name, bytes, sha256 } of glove.card.files) {
    const file = readFileSync(join(glove.folder, name));
    assert.equal(file.length, bytes, name);
    assert.equal(createHash("sha256").update(file).digest("hex"), sha256, name);
  }
});

test("a model whose file is missing, cut or of another shape says which", async (t) => {
  const copy = (): string => {
    const folder = folderOf(t, {});
    for (const { name } of glove.card.files) copyFileSync(join(glove.folder, name), join(folder, name));
    return folder;
  };
  const bare = folderOf(t, {});
  await assert.rejects(openWords({ ...glove, folder: bare }), {
    reason: "model",
    message: /lacks its file words\.txt/,
  });
  const cut = copy();
  truncateSync(join(cut, "vectors.npy"), 1_000_000);
  await assert.rejects(openWords({ ...glove, folder: cut }), {
    reason: "model",
    message: /vectors\.npy .* is damaged/,
  });
  const fewer = copy();
  writeFileSync(join(fewer, "words.txt"), "the\nof\n");
  await assert.rejects(openWords({ ...glove, folder: fewer }), { reason: "model", message: /is damaged/ });
  const page = copy();
  writeFileSync(join(page, "scales.npy"), "<html>not found</html>");
  await assert.rejects(openWords({ ...glove, folder: page }), {
    reason: "model",
    message: /scales\.npy .* is damaged/,
  });
});
