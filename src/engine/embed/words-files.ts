import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LensError } from "../../protocol/errors";
import type { LocalModel } from "../../protocol/engine";
import { Vocabulary } from "./words-vocabulary";

/** A vocabulary with quantised vectors: the value of word i in dimension d is scales[i] × rows[i × dims + d]. */
export interface WordVectors {
  dims: number;
  /** In order of frequency. */
  words: Vocabulary;
  /** (words × dims) row-major. */
  rows: Int8Array;
  /** (words) */
  scales: Float32Array;
  /** (dims) what the vectors of all texts share: subtracted from each. */
  mean: Float32Array;
  /** (dims) unit length: the direction that is projected out of each. */
  direction: Float32Array;
}

/**
 * The body of a .npy file (NumPy Enhancement Proposal 1, version 1.0) that has this type and shape, as a view of it.
 * @returns null when the file is something else
 */
export function npyBody(file: Buffer, type: "|i1" | "<f4", shape: readonly number[]): Uint8Array | null {
  if (file.length < 10 || file.toString("latin1", 0, 6) !== "\x93NUMPY") return null;
  const start = 10 + file.readUInt16LE(8);
  const header = file.toString("latin1", 10, start);
  const found = /'shape': \(([\d, ]*)\)/.exec(header)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
  const fits = header.includes(`'descr': '${type}'`) && header.includes("'fortran_order': False");
  const bytes = shape.reduce((product, size) => product * size, type === "|i1" ? 1 : 4);
  if (!fits || found.join() !== shape.join() || file.length !== start + bytes) return null;
  return file.subarray(start);
}

/**
 * Reads words.txt, vectors.npy (words × dims, int8), scales.npy (words) and common.npy (2 × dims: mean and direction). Synchronous, because
 * it runs in a thread of its own and is done in milliseconds.
 * @throws LensError "model" when one is missing or damaged
 */
export function readWordVectors({ card, folder }: LocalModel): WordVectors {
  const { id, dims } = card;
  const read = (name: string): Buffer => {
    try {
      return readFileSync(join(folder, name));
    } catch (cause) {
      throw new LensError("model", `The model ${id} lacks its file ${name} in ${folder}. Install it again.`, { cause });
    }
  };
  const body = (name: string, type: "|i1" | "<f4", shape: readonly number[]): Uint8Array => {
    const found = npyBody(read(name), type, shape);
    if (found) return found;
    throw new LensError("model", `The file ${name} of the model ${id} is damaged (${folder}). Install it again.`);
  };
  const words = new Vocabulary(read("words.txt"));
  const rows = body("vectors.npy", "|i1", [words.size, dims]);
  const scales = body("scales.npy", "<f4", [words.size]);
  const common = body("common.npy", "<f4", [2, dims]);
  const both = floats(common);
  return {
    dims,
    words,
    rows: new Int8Array(rows.buffer, rows.byteOffset, rows.length),
    scales: floats(scales),
    mean: both.subarray(0, dims),
    direction: both.subarray(dims),
  };
}

/** A copy, because floats have to start at a multiple of four bytes. */
const floats = (bytes: Uint8Array): Float32Array => new Float32Array(new Uint8Array(bytes).buffer);
