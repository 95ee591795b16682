import { readFile } from "node:fs/promises";
import { LensError } from "../../protocol/errors";
import { readSafetensors, tensorFloats, tensorIntegers } from "./safetensors";

/** The weights of a static embedder. */
export interface StaticWeights {
  dims: number;
  /** Rows of `vectors`. */
  rows: number;
  /** (rows × dims) */
  vectors: Float32Array;
  /** The row of each token; null when a token's row is its id. */
  mapping: Int32Array | null;
  /** A factor for each token; null when there is none. */
  weights: Float32Array | null;
}

/** What libraries call the matrix: model2vec, its first versions, and sentence-transformers' StaticEmbedding. */
const NAMES = ["embeddings", "0", "embedding.weight"];

/**
 * Reads a model.safetensors of model2vec or sentence-transformers. A quantised vocabulary comes as `mapping` (token to row)
 * and `weights` (token to factor).
 * @param tokens how many tokens the tokenizer knows: each must have its row
 * @throws LensError "model" when the file is missing, damaged, or does not fit the tokenizer
 */
export async function readStaticWeights(path: string, tokens: number): Promise<StaticWeights> {
  const unfit = (why: string): LensError => new LensError("model", `${path} is not a static embedder: ${why}.`);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new LensError("model", `${path} cannot be read.`, { cause: error });
  }
  const tensors = readSafetensors(bytes, path);
  const matrix = NAMES.map((name) => tensors.get(name)).find((tensor) => tensor !== undefined);
  if (matrix === undefined) throw unfit("it has no tensor “embeddings”");
  const [rows, dims] = matrix.shape;
  if (matrix.shape.length !== 2 || !rows || !dims) throw unfit("its embeddings are not a matrix");
  const vectors = tensorFloats(matrix);
  if (vectors === null) throw unfit(`its embeddings are of type ${matrix.dtype}`);

  const stored = tensors.get("mapping");
  const mapping = stored ? tensorIntegers(stored) : null;
  if (stored && mapping === null) throw unfit(`its mapping is of type ${stored.dtype}`);
  const factors = tensors.get("weights");
  const weights = factors ? tensorFloats(factors) : null;
  if (factors && weights === null) throw unfit(`its weights are of type ${factors.dtype}`);
  const known = mapping?.length ?? rows;
  if (known < tokens) throw unfit(`it has vectors of ${known} tokens, the tokenizer knows ${tokens}`);
  if (weights && weights.length < tokens) throw unfit(`it has weights of ${weights.length} tokens, not ${tokens}`);
  if (mapping?.some((row) => row < 0 || row >= rows)) throw unfit("its mapping names a row that is not there");
  return { dims, rows, vectors, mapping, weights };
}
