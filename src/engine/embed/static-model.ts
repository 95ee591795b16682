import { join } from "node:path";
import type { LocalModel } from "../../protocol/engine";
import { LensError } from "../../protocol/errors";
import type { EmbeddedBatch, Embedder } from "./embedder";
import { toUnitLength } from "./pooling";
import { readStaticWeights, type StaticWeights } from "./static-weights";
import { openTokenizer, tokenizerFolder, type TextTokenizer } from "./tokenizer";

/** The tokens that model2vec's `encode` reads unless told otherwise. */
const DEFAULT_MAX_TOKENS = 512;

/**
 * A static embedder in the format of model2vec: the vector of a text is the mean of the vectors of its tokens. As in the
 * library, tokens are counted without special ones, unknown tokens are dropped, and a text is first cut to `maxTokens` times
 * the vocabulary's median token length (in characters). PCA and Zipf weighting are already in the weights.
 * @throws LensError "model" when a file is missing or damaged
 */
export async function openStaticModel({ card, folder }: LocalModel): Promise<Embedder> {
  const file = card.files.find(({ name }) => name.endsWith(".safetensors"));
  if (file === undefined) throw new LensError("model", `The model ${card.id} has no .safetensors file.`);
  const tokenizer = await openTokenizer(tokenizerFolder({ card, folder }));
  const weights = await readStaticWeights(join(folder, file.name), tokenizer.tokens.length);
  const { dims } = weights;
  const limit = card.maxTokens ?? DEFAULT_MAX_TOKENS;
  const characters = limit * medianLength(tokenizer.tokens);
  return {
    dims,
    tensor: "mean of token vectors",
    batchSize: 256,
    embed: (items) => {
      const data = new Float32Array(items.length * dims);
      const failed: EmbeddedBatch["failed"] = [];
      const truncated: number[] = [];
      items.forEach((item, at) => {
        const tokens = knownTokens(tokenizer, (card.prefix ?? "") + (item.text ?? ""), limit, characters);
        if (tokens.truncated) truncated.push(at);
        const out = data.subarray(at * dims, (at + 1) * dims);
        if (tokens.ids.length === 0) failed.push({ at, reason: `no word of it is known to ${card.id}` });
        else average(weights, tokens.ids, out);
        if (card.normalize) toUnitLength(out);
      });
      return Promise.resolve({ data, failed, truncated });
    },
    dispose: () => Promise.resolve(),
  };
}

function knownTokens(
  tokenizer: TextTokenizer,
  text: string,
  limit: number,
  characters: number,
): { ids: number[]; truncated: boolean } {
  const start = firstCharacters(text, characters);
  const ids = tokenizer.encodeBare(start, Infinity).ids.filter((id) => id !== tokenizer.unknownId);
  return { ids: ids.slice(0, limit), truncated: ids.length > limit || start.length < text.length };
}

/** The mean of the vectors of tokens, summed in float64. */
function average({ dims, vectors, mapping, weights }: StaticWeights, ids: readonly number[], out: Float32Array): void {
  const sum = new Float64Array(dims);
  for (const id of ids) {
    const from = (mapping ? mapping[id]! : id) * dims;
    const weight = weights ? weights[id]! : 1;
    for (let d = 0; d < dims; d++) sum[d]! += weight * vectors[from + d]!;
  }
  for (let d = 0; d < dims; d++) out[d] = sum[d]! / ids.length;
}

/** The start of a text, counted in Unicode code points. */
function firstCharacters(text: string, count: number): string {
  if (text.length <= count) return text;
  let end = 0;
  for (let i = 0; i < count && end < text.length; i++) end += text.codePointAt(end)! > 0xffff ? 2 : 1;
  return text.slice(0, end);
}

/** The median length of tokens in code points, rounded down. */
function medianLength(tokens: readonly string[]): number {
  const lengths = Int32Array.from(tokens, (token) => Array.from(token).length).sort();
  const middle = lengths.length >> 1;
  const median = lengths.length % 2 === 1 ? lengths[middle]! : (lengths[middle - 1]! + lengths[middle]!) / 2;
  return Math.max(1, Math.floor(median));
}
