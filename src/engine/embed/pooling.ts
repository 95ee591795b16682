import type { ModelCard } from "../../protocol/models";

export type Pooling = NonNullable<ModelCard["pooling"]>;

/** Token vectors of a batch, padded at the end: (lengths.length × longest × dims) float32, row-major. */
export interface TokenVectors {
  data: Float32Array;
  longest: number;
  dims: number;
  /** Tokens of each text that are not padding, at least 1. */
  lengths: readonly number[];
}

/**
 * One vector of a text from the vectors of its tokens; padding never counts.
 * mean, cls (the first token), last and max as in sentence-transformers' Pooling module.
 * @param row which text of the batch
 * @param out (dims) what is written
 */
export function pool(tokens: TokenVectors, row: number, pooling: Pooling, out: Float32Array): void {
  const { data, longest, dims } = tokens;
  const length = tokens.lengths[row]!;
  const from = row * longest * dims;
  const token = (at: number): Float32Array => data.subarray(from + at * dims, from + (at + 1) * dims);
  switch (pooling) {
    case "cls":
      out.set(token(0));
      break;
    case "last":
      out.set(token(length - 1));
      break;
    case "max":
      out.set(token(0));
      for (let at = 1; at < length; at++) {
        const vector = token(at);
        for (let d = 0; d < dims; d++) if (!(vector[d]! <= out[d]!)) out[d] = vector[d]!;
      }
      break;
    case "mean": {
      const sum = new Float64Array(dims);
      for (let at = 0; at < length; at++) {
        const vector = token(at);
        for (let d = 0; d < dims; d++) sum[d]! += vector[d]!;
      }
      for (let d = 0; d < dims; d++) out[d] = sum[d]! / length;
    }
  }
}

/** Scales a vector to length 1 in place; a zero vector stays zero. */
export function toUnitLength(vector: Float32Array): void {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (length > 0) for (let d = 0; d < vector.length; d++) vector[d]! /= length;
}
