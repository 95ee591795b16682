import type { LocalModel } from "../../protocol/engine";
import type { Item } from "../types";
import type { EmbeddedBatch, Embedder } from "./embedder";
import { readWordVectors, type WordVectors } from "./words-files";
import { wordsOf } from "./words-split";

/** Of smooth inverse frequency, as Arora, Liang and Ma found it for sentences. */
const A = 1e-3;

/**
 * Word vectors averaged by smooth inverse frequency (Arora, Liang and Ma 2017, "A simple but tough-to-beat baseline for sentence
 * embeddings"), minus the mean of the vocabulary and the projection on one common direction, both fixed and part of the model.
 * Vectors are not of unit length. An item without a known word has no vector.
 * @throws LensError "model" when a file of the model is missing or damaged
 */
export async function openWords(model: LocalModel): Promise<Embedder> {
  // Turns what is thrown into a rejection.
  await Promise.resolve();
  const vectors = readWordVectors(model);
  const { words } = vectors;
  const weightOf = sifWeights(words.size);
  const reason = `no word of it is known to ${model.card.id}`;
  const embedOne = (item: Item, out: Float32Array): boolean =>
    average(wordsOf(item.text ?? "", words), vectors, weightOf, out);
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

/**
 * The weights of a vocabulary's words by smooth inverse frequency, A / (A + p); their probability is taken from Zipf's law,
 * p = 1 / (rank · H(count)), with ranks from 1.
 * @returns the weight of a word by its index, which is its rank from 0
 */
export function sifWeights(count: number): (index: number) => number {
  let harmonic = 0;
  for (let i = count; i > 0; i--) harmonic += 1 / i;
  return (index) => A / (A + 1 / ((index + 1) * harmonic));
}

/** Writes the vector of a text with these words to `out` (dims). Answers false when there is none. */
function average(
  words: readonly number[],
  vectors: WordVectors,
  weightOf: (index: number) => number,
  out: Float32Array,
): boolean {
  const { dims, rows, scales, mean, direction } = vectors;
  if (words.length === 0) return false;
  const sum = new Float64Array(dims);
  let total = 0;
  for (const word of words) {
    const weight = weightOf(word);
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
