import type { LocalModel } from "../../protocol/engine";
import type { Item } from "../types";
import type { EmbeddedBatch, Embedder } from "./embedder";
import { readWordVectors, type WordVectors } from "./words-files";
import { wordsOf } from "./words-split";

/** Smooth inverse frequency: a word of probability p weighs A / (A + p). */
const A = 1e-3;

/**
 * Word vectors averaged by smooth inverse frequency (Arora, Liang and Ma 2017, "A simple but tough-to-beat baseline for sentence
 * embeddings"), minus the mean of the vocabulary and the projection on one common direction, both fixed and part of the model.
 * Vectors are not of unit length. An item without a known word has no vector.
 * @throws LensError "model" when a file of the model is missing or damaged
 */
export async function openWords(model: LocalModel): Promise<Embedder> {
  const vectors = await readWordVectors(model);
  const index = new Map(vectors.words.map((word, i) => [word, i]));
  const weights = wordWeights(vectors.words.length);
  const reason = `no word of it is known to ${model.card.id}`;
  const embedOne = (item: Item, out: Float32Array): boolean => {
    const words = wordsOf(item.text ?? "", (word) => index.has(word));
    return average(
      words.map((word) => index.get(word)!),
      vectors,
      weights,
      out,
    );
  };
  return {
    dims: vectors.dims,
    tensor: "SIF mean of word vectors",
    batchSize: 1_000,
    embed: (items) => {
      const data = new Float32Array(items.length * vectors.dims);
      const failed: EmbeddedBatch["failed"] = [];
      items.forEach((item, at) => {
        const row = data.subarray(at * vectors.dims, (at + 1) * vectors.dims);
        if (!embedOne(item, row)) failed.push({ at, reason });
      });
      return Promise.resolve({ data, failed });
    },
    dispose: () => Promise.resolve(),
  };
}

/** (count) the weight of the word of each rank, its probability taken from Zipf's law: p = 1 / ((rank + 1) · H(count)). */
export function wordWeights(count: number): Float64Array {
  let harmonic = 0;
  for (let i = count; i > 0; i--) harmonic += 1 / i;
  return Float64Array.from({ length: count }, (_, rank) => A / (A + 1 / ((rank + 1) * harmonic)));
}

/** Writes the vector of a text with these words to `out` (dims). Answers false when there is none. */
function average(words: readonly number[], vectors: WordVectors, weights: Float64Array, out: Float32Array): boolean {
  const { dims, rows, scales, mean, direction } = vectors;
  if (words.length === 0) return false;
  const sum = new Float64Array(dims);
  let total = 0;
  for (const word of words) {
    const weight = weights[word]!;
    const scale = weight * scales[word]!;
    total += weight;
    for (let d = 0, at = word * dims; d < dims; d++, at++) sum[d]! += scale * rows[at]!;
  }
  let along = 0;
  for (let d = 0; d < dims; d++) {
    sum[d] = sum[d]! / total - mean[d]!;
    along += sum[d]! * direction[d]!;
  }
  for (let d = 0; d < dims; d++) out[d] = sum[d]! - along * direction[d]!;
  return true;
}

/** The warning for a set of texts that this model mostly can't read; null when it can. */
export function englishOnlyWarning(failed: number, total: number): string | null {
  if (total === 0 || failed * 2 <= total) return null;
  return (
    `${failed.toLocaleString("en-US")} of ${total.toLocaleString("en-US")} texts have no word that glove-100d knows: ` +
    "it knows English only. Choose the model multilingual-e5-small for other languages."
  );
}
