import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { LensError } from "../../protocol/errors";
import type { LocalModel } from "../../protocol/engine";

/** A vocabulary with quantised vectors: the value of word i in dimension d is scales[i] × rows[i × dims + d]. */
export interface WordVectors {
  dims: number;
  /** In order of frequency. */
  words: string[];
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
 * The body of a .npy file (NumPy Enhancement Proposal 1, version 1.0) that has this type and shape, in memory of its own.
 * @returns null when the file is something else
 */
export function npyBody(file: Buffer, type: "|i1" | "<f4", shape: readonly number[]): ArrayBuffer | null {
  if (file.length < 10 || file.toString("latin1", 0, 6) !== "\x93NUMPY") return null;
  const start = 10 + file.readUInt16LE(8);
  const header = file.toString("latin1", 10, start);
  const found = /'shape': \(([\d, ]*)\)/.exec(header)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
  const fits = header.includes(`'descr': '${type}'`) && header.includes("'fortran_order': False");
  const bytes = shape.reduce((product, size) => product * size, type === "|i1" ? 1 : 4);
  if (!fits || found.join() !== shape.join() || file.length !== start + bytes) return null;
  return new Uint8Array(file.subarray(start)).slice().buffer;
}

/**
 * Reads words.txt, vectors.npy (words × dims, int8), scales.npy (words) and common.npy (2 × dims: mean and direction).
 * @throws LensError "model" when one is missing or damaged
 */
export async function readWordVectors({ card, folder }: LocalModel): Promise<WordVectors> {
  const { id, dims } = card;
  const read = (name: string): Promise<Buffer> =>
    readFile(join(folder, name)).catch((cause: unknown) => {
      throw new LensError("model", `The model ${id} lacks its file ${name} in ${folder}. Install it again.`, { cause });
    });
  const body = async (name: string, type: "|i1" | "<f4", shape: readonly number[]): Promise<ArrayBuffer> => {
    const found = npyBody(await read(name), type, shape);
    if (found) return found;
    throw new LensError("model", `The file ${name} of the model ${id} is damaged (${folder}). Install it again.`);
  };
  const words = (await read("words.txt")).toString("utf8").split("\n");
  if (words.at(-1) === "") words.pop();
  const [rows, scales, common] = await Promise.all([
    body("vectors.npy", "|i1", [words.length, dims]),
    body("scales.npy", "<f4", [words.length]),
    body("common.npy", "<f4", [2, dims]),
  ]);
  return {
    dims,
    words,
    rows: new Int8Array(rows),
    scales: new Float32Array(scales),
    mean: new Float32Array(common, 0, dims),
    direction: new Float32Array(common, dims * 4, dims),
  };
}
