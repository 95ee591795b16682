import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openTokenizer } from "../../../src/engine/embed/tokenizer";
import { realData } from "../../support/data";
import { variedTexts } from "../../support/strings";

type Original = typeof import("tokenizers");

const fixture = { path: join(__dirname, "../../fixtures/tiny-bert"), skip: false as const };

/** The Rust library that tokenizer.json files are written for; null where it has no binary. */
const original = (): Promise<Original | null> => import("tokenizers").catch(() => null);

interface Definition {
  model: { type: string; vocab: unknown };
}

/** Sums of scores decide a Unigram segmentation; two of an equal sum are equally right. */
function scorer({ model }: Definition): ((ids: number[]) => number) | null {
  if (model.type !== "Unigram") return null;
  const vocabulary = model.vocab as [string, number][];
  return (ids) => ids.reduce((sum, id) => sum + vocabulary[id]![1], 0);
}

describe("a tokenizer", () => {
  for (const [name, { path, skip }] of Object.entries({
    "of the tiny transformer": fixture,
    "of all-MiniLM-L6-v2 (WordPiece)": realData("models/all-MiniLM-L6-v2-tokenizer-only"),
    "of glove-50d-sif (words)": realData("models/glove-50d-sif"),
    "of model2vec-bge-64d (Unigram)": realData("models/model2vec-bge-64d"),
  })) {
    it(`${name} gives the tokens of the Rust original`, { skip }, async (t) => {
      const library = await original();
      if (library === null) return t.skip("the package tokenizers has no binary for this platform");
      const definition = JSON.parse(await readFile(join(path, "tokenizer.json"), "utf8")) as Definition;
      const score = scorer(definition);
      const reference = library.Tokenizer.fromString(
        JSON.stringify({ ...definition, truncation: null, padding: null }),
      );
      const ours = await openTokenizer(path);
      const texts = variedTexts();
      assert.ok(texts.length > 500);
      let ties = 0;
      for (const text of texts) {
        for (const special of [true, false]) {
          const want = (await reference.encode(text, null, { addSpecialTokens: special })).getIds();
          const { ids, truncated } = special ? ours.encode(text, 1_000_000) : ours.encodeBare(text, 1_000_000);
          assert.equal(truncated, false);
          if (score && ids.join() !== want.join()) {
            assert.ok(Math.abs(score(ids) - score(want)) < 1e-9, JSON.stringify(text));
            ties++;
          } else assert.deepEqual(ids, want, JSON.stringify(text));
        }
      }
      t.diagnostic(`${texts.length} texts, ${ties} ties`);
    });
  }

  it("knows what fills a batch and what stands for unknown pieces", async () => {
    const tokenizer = await openTokenizer(fixture.path);
    assert.equal(tokenizer.padId, 0);
    assert.equal(tokenizer.unknownId, 1);
    assert.equal(tokenizer.tokens[2], "[CLS]");
    assert.deepEqual(tokenizer.encodeBare("\u4e00 a", 9).ids, [1, 5]);
  });

  it("keeps the marks at both ends of a text that is cut", async () => {
    const tokenizer = await openTokenizer(fixture.path);
    assert.deepEqual(tokenizer.encode("a b c d", 4), { ids: [2, 5, 6, 3], truncated: true });
    assert.deepEqual(tokenizer.encode("a b", 4), { ids: [2, 5, 6, 3], truncated: false });
  });
});
