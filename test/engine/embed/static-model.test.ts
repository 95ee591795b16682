import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openEmbedder } from "../../../src/engine/embed/open";
import { LensError } from "../../../src/protocol/errors";
import type { ModelCard } from "../../../src/protocol/models";
import { textCard, textItems } from "../../support/cards";
import { realData } from "../../support/data";
import { safetensors, type TestTensor } from "../../support/safetensors";
import { TINY_VOCABULARY, wordPieceTokenizer } from "../../support/wordpiece";

const COUNT = TINY_VOCABULARY.length;
const staticCard = (fields: Partial<ModelCard> = {}): ModelCard =>
  textCard({
    runtime: "static",
    files: [
      { name: "model.safetensors", bytes: 1 },
      { name: "tokenizer.json", bytes: 1 },
    ],
    ...fields,
  });
const near = (a: Float32Array, b: ArrayLike<number>, tolerance: number): void => {
  assert.equal(a.length, b.length);
  a.forEach((value, i) => assert.ok(Math.abs(value - b[i]!) <= tolerance, `${i}: ${value}, not ${b[i]}`));
};

describe("a static embedder", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "lens-static-"));
    await writeFile(join(folder, "tokenizer.json"), JSON.stringify(wordPieceTokenizer()));
  });
  after(() => rm(folder, { recursive: true }));

  const vectorsOf = async (
    tensors: Record<string, TestTensor>,
    texts: string[],
    fields: Partial<ModelCard> = {},
  ): Promise<{ data: Float32Array; failed: { at: number }[]; truncated?: number[] }> => {
    await writeFile(join(folder, "model.safetensors"), safetensors(tensors));
    return (await openEmbedder({ card: staticCard(fields), folder })).embed(textItems(...texts));
  };
  const id = (token: string): number => TINY_VOCABULARY.indexOf(token);
  /** The vector of token i is (i, 2i). */
  const ramp = Float32Array.from({ length: COUNT * 2 }, (_, i) => (i >> 1) * (1 + (i & 1)));

  it("averages the vectors of the tokens of a text, without special tokens and without unknown ones", async () => {
    const { data, failed } = await vectorsOf({ embeddings: ["F32", [COUNT, 2], ramp] }, [
      "pizza food",
      "pizza 中 food",
    ]);
    const mean = (id("pizza") + id("food")) / 2;
    near(data, [mean, 2 * mean, mean, 2 * mean], 1e-4);
    assert.deepEqual(failed, []);
  });

  it("leaves out a text of which no token is known, by name", async () => {
    const { failed } = await vectorsOf({ embeddings: ["F32", [COUNT, 2], ramp] }, ["中文", "pizza"]);
    assert.deepEqual(failed, [{ at: 0, reason: "no word of it is known to test-model" }]);
  });

  it("reads F64, F16 and I8 weights as it reads F32", async () => {
    const small = Float32Array.from({ length: COUNT * 2 }, (_, i) => (i % 200) - 100);
    const want = (await vectorsOf({ embeddings: ["F32", [COUNT, 2], small] }, ["my card is lost"])).data;
    for (const [name, dtype] of [
      ["embeddings", "F64"],
      ["embeddings", "F16"],
      ["embeddings", "I8"],
      ["0", "F32"],
      ["embedding.weight", "F32"],
    ] as const) {
      near((await vectorsOf({ [name]: [dtype, [COUNT, 2], small] }, ["my card is lost"])).data, want, 0);
    }
  });

  it("follows the mapping and the weights of a quantised vocabulary", async () => {
    const { data } = await vectorsOf(
      {
        embeddings: ["F32", [2, 2], Float32Array.of(1, 0, 0, 1)],
        mapping: ["I32", [COUNT], Float32Array.from({ length: COUNT }, (_, i) => (i === id("pizza") ? 1 : 0))],
        weights: ["F64", [COUNT], Float32Array.from({ length: COUNT }, (_, i) => (i === id("pizza") ? 3 : 0.5))],
      },
      ["pizza food"],
    );
    near(data, [0.25, 1.5], 0);
  });

  it("reads maxTokens of a text and says which were cut", async () => {
    const { data, truncated } = await vectorsOf(
      { embeddings: ["F32", [COUNT, 2], ramp] },
      ["a b c", "a b", `a ${"中 ".repeat(400)}`],
      { maxTokens: 2 },
    );
    assert.deepEqual(truncated, [0, 2]);
    near(data.subarray(0, 2), data.subarray(2, 4), 0);
    near(data.subarray(4, 6), [id("a"), 2 * id("a")], 0);
  });

  it("says what is wrong with its files", async () => {
    const refused = async (tensors: Record<string, TestTensor>, message: RegExp): Promise<void> => {
      await assert.rejects(
        vectorsOf(tensors, ["a"]),
        (error) => error instanceof LensError && error.reason === "model" && message.test(error.message),
      );
    };
    const short = new Float32Array(8);
    await refused({ other: ["F32", [4, 2], short] }, /has no tensor “embeddings”/);
    await refused({ embeddings: ["F32", [8], short] }, /embeddings are not a matrix/);
    await refused({ embeddings: ["F32", [4, 2], short] }, /has vectors of 4 tokens, the tokenizer knows \d+/);
    await refused(
      { embeddings: ["F32", [4, 2], short], mapping: ["I32", [COUNT], new Float32Array(COUNT).fill(9)] },
      /mapping names a row that is not there/,
    );
    for (const [bytes, message] of [
      [Buffer.alloc(4), /shorter than its header/],
      [Buffer.from([255, 0, 0, 0, 0, 0, 0, 0, 1]), /ends within its header/],
      [safetensors({ embeddings: ["F32", [COUNT, 2], ramp] }).subarray(0, -4), /tensor “embeddings” does not fit/],
    ] as const) {
      await writeFile(join(folder, "model.safetensors"), bytes);
      await assert.rejects(openEmbedder({ card: staticCard(), folder }), message);
    }
  });

  const model2vec = realData("models/model2vec-bge-64d");
  it("gives the vector that Python's model2vec gives", { skip: model2vec.skip }, async () => {
    const embedder = await openEmbedder({ card: staticCard({ normalize: true }), folder: model2vec.path });
    const expected = JSON.parse(
      await readFile(join(model2vec.path, "expected_hello_x1000.json"), "utf8"),
    ) as number[][];
    const { data, truncated } = await embedder.embed(textItems(Array(1000).fill("hello").join(" ")));
    near(data, expected[0]!, 1e-6);
    assert.deepEqual(truncated, [0]);
  });

  it("agrees with the same weights in an ONNX graph", { skip: model2vec.skip }, async () => {
    const own = await openEmbedder({ card: staticCard({ normalize: true }), folder: model2vec.path });
    const graph = await openEmbedder({
      card: textCard({ files: [{ name: "model.onnx", bytes: 1 }] }),
      folder: model2vec.path,
    });
    const texts = textItems("The sun is shining today", "It's a beautiful day outside", "Italian cuisine is amazing");
    const a = (await own.embed(texts)).data;
    near(a, (await graph.embed(texts)).data, 1e-6);
    const cosine = (i: number, j: number): number =>
      a.subarray(i * 64, i * 64 + 64).reduce((sum, value, d) => sum + value * a[j * 64 + d]!, 0);
    assert.equal(cosine(0, 1).toFixed(3), "0.512");
    assert.equal(cosine(0, 2).toFixed(3), "0.187");
    await graph.dispose();
  });

  const glove = realData("models/glove-50d-sif");
  it("runs a static embedder that comes as an ONNX graph", { skip: glove.skip }, async () => {
    const card = textCard({ files: [{ name: "model.onnx", bytes: 1 }] });
    const embedder = await openEmbedder({ card, folder: glove.path });
    assert.equal(embedder.tensor, "sentence_embedding");
    const { data } = await embedder.embed(
      textItems("The sun is shining today", "It's a beautiful day outside", "Italian cuisine is amazing"),
    );
    const at = (i: number): Float32Array => data.subarray(i * 50, i * 50 + 50);
    const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, d) => sum + value * b[d]!, 0);
    const cosine = (i: number, j: number): number =>
      dot(at(i), at(j)) / Math.sqrt(dot(at(i), at(i)) * dot(at(j), at(j)));
    assert.equal(cosine(0, 1).toFixed(3), "0.526");
    assert.equal(cosine(0, 2).toFixed(3), "0.058");
    await embedder.dispose();
  });
});
