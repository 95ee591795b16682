import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Embedder } from "../../../src/engine/embed/embedder";
import { openEmbedder } from "../../../src/engine/embed/open";
import { openTokenizer } from "../../../src/engine/embed/tokenizer";
import type { Pooling } from "../../../src/engine/embed/pooling";
import { LensError } from "../../../src/protocol/errors";
import type { ModelCard } from "../../../src/protocol/models";
import { bertModel, type BertExport } from "../../support/bert";
import { bertForward } from "../../support/bert-forward";
import { textCard, textItems } from "../../support/cards";
import { TINY_BERT } from "../../support/tiny-bert";

const FIXTURE = join(__dirname, "../../fixtures/tiny-bert");
const DIMS = 32;
const TEXTS = [
  "The sun is shining today",
  "a",
  "I lost my card, and the machine took my money!",
  "Pizza is my favorite food",
  "ocean waves are calming ".repeat(3),
  "café 42",
];

const row = (data: Float32Array, at: number): Float32Array => data.subarray(at * DIMS, (at + 1) * DIMS);
const away = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
const bytes = (data: Float32Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

async function embedTexts(embedder: Embedder, texts: string[]): Promise<Float32Array> {
  const { data, failed } = await embedder.embed(textItems(...texts));
  assert.deepEqual(failed, []);
  return data;
}

describe("a text transformer", () => {
  let folder = "";
  const opened: Embedder[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "lens-text-"));
  });
  after(async () => {
    for (const embedder of opened) await embedder.dispose();
    await rm(folder, { recursive: true });
  });

  const open = async (fields: Partial<ModelCard> = {}, at = FIXTURE): Promise<Embedder> => {
    const embedder = await openEmbedder({ card: textCard(fields), folder: at });
    opened.push(embedder);
    return embedder;
  };
  let made = 0;
  /** A model folder with a graph exported otherwise. */
  const exported = async (options: BertExport): Promise<string> => {
    const at = join(folder, `model${made++}`);
    await mkdir(join(at, "onnx"), { recursive: true });
    await cp(join(FIXTURE, "tokenizer.json"), join(at, "tokenizer.json"));
    await writeFile(join(at, "onnx/model.onnx"), bertModel(TINY_BERT, options));
    return at;
  };

  const expected: Record<Pooling, (tokens: Float64Array[]) => Float64Array> = {
    mean: (tokens) => tokens[0]!.map((_, d) => tokens.reduce((sum, token) => sum + token[d]!, 0) / tokens.length),
    cls: (tokens) => tokens[0]!,
    last: (tokens) => tokens.at(-1)!,
    max: (tokens) => tokens[0]!.map((_, d) => Math.max(...tokens.map((token) => token[d]!))),
  };
  for (const pooling of ["mean", "cls", "last", "max"] as const) {
    it(`gives the vectors of a forward pass in plain loops, pooled by ${pooling}`, async () => {
      const embedder = await open({ pooling });
      const tokenizer = await openTokenizer(FIXTURE);
      const data = await embedTexts(embedder, TEXTS);
      assert.equal(embedder.dims, DIMS);
      assert.equal(embedder.tensor, `last_hidden_state, ${pooling}`);
      TEXTS.forEach((text, i) => {
        const { ids } = tokenizer.encode(text, 512);
        const difference = away(row(data, i), expected[pooling](bertForward(TINY_BERT, ids)));
        assert.ok(difference < 2e-5, `${text}: ${difference}`);
      });
    });
  }

  it("gives a text the same vector whatever else is in its batch", async () => {
    const embedder = await open({ pooling: "mean" });
    const together = await embedTexts(embedder, TEXTS);
    for (const [i, text] of TEXTS.entries()) {
      assert.ok(away(row(together, i), await embedTexts(embedder, [text])) < 2e-6, text);
    }
  });

  it("gives a text the same bytes in any company with a graph that scales its activations together", async () => {
    const embedder = await open({ pooling: "mean" }, await exported({ quantized: true }));
    const together = await embedTexts(embedder, TEXTS);
    const real = await embedTexts(await open({ pooling: "mean" }), TEXTS);
    for (const [i, text] of TEXTS.entries()) {
      assert.ok(bytes(row(together, i)).equals(bytes(await embedTexts(embedder, [text]))), text);
    }
    assert.ok(away(together, real) < 0.3, "the quantised graph computes the same model");
  });

  it("scales vectors to length 1 when the card says so", async () => {
    const plain = await embedTexts(await open({ pooling: "mean" }), TEXTS);
    const unit = await embedTexts(await open({ pooling: "mean", normalize: true }), TEXTS);
    TEXTS.forEach((_, i) => {
      const length = Math.hypot(...row(plain, i));
      assert.ok(
        away(
          row(unit, i),
          row(plain, i).map((value) => value / length),
        ) < 1e-6,
      );
    });
  });

  it("puts the card's prefix before every text", async () => {
    const prefixed = await embedTexts(await open({ prefix: "query: " }), ["new card"]);
    const written = await embedTexts(await open(), ["query: new card"]);
    assert.ok(bytes(prefixed).equals(bytes(written)));
  });

  it("reads maxTokens of a long text, its end mark among them, and says which texts were cut", async () => {
    const embedder = await open({ maxTokens: 12 });
    const long = "pizza ".repeat(30);
    const { data, truncated } = await embedder.embed(
      textItems("pizza", long, "pizza ".repeat(10), "pizza ".repeat(11)),
    );
    assert.deepEqual(truncated, [1, 3]);
    assert.ok(bytes(row(data, 1)).equals(bytes(row(data, 2))), "the cut text is the one of 10 words and 2 marks");
  });

  it("cuts a text of a million characters as it cuts its beginning", async () => {
    const tokenizer = await openTokenizer(FIXTURE);
    const { ids, truncated } = tokenizer.encode("pizza food ".repeat(100_000), 64);
    assert.ok(truncated);
    assert.deepEqual(ids, tokenizer.encode("pizza food ".repeat(40), 64).ids);
    assert.deepEqual(tokenizer.encode("\n".repeat(100_000) + "pizza", 64).ids, tokenizer.encode("pizza", 64).ids);
  });

  it("ignores the truncation and padding that stand in tokenizer.json", async () => {
    const tokenizer = await openTokenizer(FIXTURE);
    assert.equal(tokenizer.encode("a", 512).ids.length, 3);
    assert.equal(tokenizer.encode("a ".repeat(20), 512).ids.length, 22);
  });

  it("feeds int32 inputs, and token types only to a graph that wants them", async () => {
    const want = await embedTexts(await open(), TEXTS);
    for (const options of [{ ids: "int32" }, { tokenTypes: false }] as const) {
      const got = await embedTexts(await open({}, await exported(options)), TEXTS);
      assert.ok(away(got, want) < 1e-5, JSON.stringify(options));
    }
  });

  it("takes the output that is one vector per text before token vectors", async () => {
    const at = await exported({ sentence: "sentence_embedding" });
    const embedder = await open({ pooling: "cls" }, at);
    assert.equal(embedder.tensor, "sentence_embedding");
    assert.ok(away(await embedTexts(embedder, TEXTS), await embedTexts(await open({ pooling: "mean" }), TEXTS)) < 1e-5);
    assert.equal((await open({ output: "last_hidden_state", pooling: "cls" }, at)).tensor, "last_hidden_state, cls");
  });

  it("pools by the mean when there are token vectors only and the card is silent", async () => {
    assert.equal((await open({}, await exported({ tokens: "token_embeddings" }))).tensor, "token_embeddings, mean");
  });

  it("says what is wrong with a model that is no text encoder", async () => {
    const refused = async (fields: Partial<ModelCard>, at: string, message: RegExp): Promise<void> => {
      await assert.rejects(
        openEmbedder({ card: textCard(fields), folder: at }),
        (error) => error instanceof LensError && error.reason === "model" && message.test(error.message),
      );
    };
    await refused({ output: "nothing" }, FIXTURE, /no text output “nothing”; it has “last_hidden_state”/);
    await refused({ dims: 384 }, FIXTURE, /says 384 numbers per text, the model gives 32/);
    await refused({ files: [{ name: "tokenizer.json", bytes: 1 }] }, FIXTURE, /has no \.onnx file/);
    await refused({ files: [{ name: "absent.onnx", bytes: 1 }] }, FIXTURE, /absent\.onnx cannot be read/);
    await refused({}, join(folder, "nowhere"), /tokenizer cannot be read/);
    const damaged = await exported({});
    await writeFile(join(damaged, "onnx/model.onnx"), "not a model");
    await refused({}, damaged, /is not an ONNX model, or is damaged/);
    await writeFile(join(damaged, "tokenizer.json"), "{");
    await refused({}, damaged, /tokenizer\.json is not JSON/);
    await writeFile(join(damaged, "tokenizer.json"), '{"model":{"type":"Mystery"}}');
    await refused({}, damaged, /is not a tokenizer that Embedding Lens can run/);
  });
});
