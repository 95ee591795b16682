import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { LocalModel } from "../../protocol/engine";
import { canonicalJson } from "../../protocol/recipe";

/** Raised when the code that turns items into vectors changes them: what was kept before is then not found any more. */
const VERSION = 1;
const KEY_BYTES = 24;

const hashOf = (...parts: (string | Uint8Array)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/**
 * (32 bytes) Names all that a vector depends on besides its item: the model's files, and how its card prepares items and
 * reads the embedding. A file without a known SHA-256 is known by its path, size and time of change.
 */
export async function modelKey({ card, folder }: LocalModel): Promise<Buffer> {
  if (card.remote) {
    const { batch: _, ...settings } = card.remote;
    return hashOf(canonicalJson([VERSION, settings]));
  }
  const { id, kind, runtime, input, output, pooling, normalize, prefix, maxTokens } = card;
  const files = await Promise.all(
    card.files.map(async ({ name, sha256 }) => {
      if (sha256 !== undefined) return [name, sha256];
      const path = join(folder, name);
      const { size, mtimeMs } = await stat(path);
      return [path, size, mtimeMs];
    }),
  );
  const settings = { id, kind, runtime, input, output, pooling, normalize, prefix, maxTokens };
  return hashOf(canonicalJson([VERSION, files, settings]));
}

/** Changes when a model's files or its card change; null when its files cannot be read. */
export const modelStamp = (model: LocalModel): Promise<string | null> =>
  modelKey(model).then(
    (key) => key.toString("base64url"),
    () => null,
  );

/** The key of the vector of a text. */
export const textKey = (model: Buffer, text: string): Buffer => hashOf(model, "text\0", text).subarray(0, KEY_BYTES);

/** The key of the vector of a picture, by the SHA-256 of its file. */
export const pictureKey = (model: Buffer, content: Uint8Array): Buffer =>
  hashOf(model, "picture\0", content).subarray(0, KEY_BYTES);

/** The key of what is known of a model: the number of dimensions and the name of its tensor. */
export const aboutKey = (model: Buffer): Buffer => hashOf(model, "about\0").subarray(0, KEY_BYTES);

/** The key of the SHA-256 of a file that has not changed since: by path, size and time of change. */
export const fileKey = (path: string, size: bigint, changed: bigint): Buffer =>
  hashOf("file\0", path, `\0${size} ${changed}`).subarray(0, KEY_BYTES);
