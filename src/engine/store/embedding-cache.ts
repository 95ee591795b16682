import { stat } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { LocalModel } from "../../protocol/engine";
import type { ModelCard } from "../../protocol/models";
import type { EmbeddedBatch } from "../embed/embedder";
import type { Pool } from "../pool";
import type { Item } from "../types";
import type { ByteStore, Entry } from "./byte-store";
import { aboutKey, fileKey, modelKey, pictureKey, textKey } from "./keys";

/** What is known of a model once it has run. */
export interface AboutModel {
  dims: number;
  tensor: string;
}

export interface KeptVector {
  vector: Float32Array;
  /** Only the beginning of the text was embedded. */
  truncated: boolean;
}

/** Items that are looked up before other work gets its turn. */
const AT_ONCE = 256;
/** Pictures that a thread hashes at once. */
const HASHED_AT_ONCE = 32;
/** A file that changed so recently may change again within the tick of its clock. */
const SETTLED_MS = 2_000;

/** A picture's SHA-256, and what its file looked like before it was read. */
interface Picture {
  content: Uint8Array;
  stamp: string;
}

/** The vectors of one model that were computed before, by the content of their items. */
export class EmbeddingCache {
  private readonly pictures = new Map<string, Picture>();

  private constructor(
    private readonly store: ByteStore,
    private readonly model: Buffer,
    private readonly pool: Pool,
  ) {}

  /** Null for a model that is cheaper to run than to look up, or whose files cannot be read. */
  static async open(store: ByteStore, model: LocalModel, pool: Pool): Promise<EmbeddingCache | null> {
    if (!isWorthKeeping(model.card)) return null;
    const key = await modelKey(model).catch(() => null);
    return key && new EmbeddingCache(store, key, pool);
  }

  /** Null until a vector of the model has been kept. */
  about(): AboutModel | null {
    const bytes = this.store.get(aboutKey(this.model));
    return bytes && (JSON.parse(Buffer.from(bytes).toString()) as AboutModel);
  }

  /**
   * Looks items up.
   * @param found called with the position and the vector of each that is there
   * @returns positions of those that are not
   */
  async find(
    items: readonly Item[],
    { dims }: AboutModel,
    found: (at: number, kept: KeptVector) => void,
    signal?: AbortSignal,
  ): Promise<number[]> {
    await this.hashPictures(items, signal);
    const missing: number[] = [];
    for (let at = 0; at < items.length; at++) {
      if (at % AT_ONCE === AT_ONCE - 1) {
        await nextTurn();
        signal?.throwIfAborted();
      }
      const key = this.keyOf(items[at]!);
      const kept = key && readVector(this.store.get(key), dims);
      if (kept) found(at, kept);
      else missing.push(at);
    }
    void this.store.noteUse();
    return missing;
  }

  /** Keeps what the model gave for some items, but for those that failed. */
  async keep(items: readonly Item[], { data, failed, truncated }: EmbeddedBatch, about: AboutModel): Promise<void> {
    const { dims, tensor } = about;
    const without = new Set(failed.map(({ at }) => at));
    const cut = new Set(truncated);
    await Promise.all(
      items.map(async ({ file }, at) => {
        // The vector is that of another picture when the file has changed since it was hashed.
        if (file !== undefined && this.pictures.get(file)?.stamp !== (await stampOf(file))) without.add(at);
      }),
    );
    const entries: Entry[] = [{ key: aboutKey(this.model), bytes: jsonBytes({ dims, tensor }) }];
    items.forEach((item, at) => {
      const key = without.has(at) ? null : this.keyOf(item);
      if (key) entries.push({ key, bytes: vectorBytes(data.subarray(at * dims, (at + 1) * dims), cut.has(at)) });
    });
    await this.store.put(entries);
  }

  /** Makes the content of pictures known: from the store for files that have not changed, else by reading them in threads. */
  async hashPictures(items: readonly Item[], signal?: AbortSignal): Promise<void> {
    const files = items.flatMap(({ file }) => (file === undefined || this.pictures.has(file) ? [] : [file]));
    const unknown: { file: string; key: Buffer; stamp: string; settled: boolean }[] = [];
    for (let from = 0; from < files.length; from += AT_ONCE) {
      signal?.throwIfAborted();
      await Promise.all(
        files.slice(from, from + AT_ONCE).map(async (file) => {
          const info = await stat(file, { bigint: true }).catch(() => null);
          if (info === null) return;
          const stamp = stampFrom(info);
          const key = fileKey(file, info.size, info.mtimeNs);
          const content = this.store.get(key);
          if (content) this.pictures.set(file, { content, stamp });
          else unknown.push({ file, key, stamp, settled: Date.now() - Number(info.mtimeMs) > SETTLED_MS });
        }),
      );
    }
    const groups: (typeof unknown)[] = [];
    for (let from = 0; from < unknown.length; from += HASHED_AT_ONCE)
      groups.push(unknown.slice(from, from + HASHED_AT_ONCE));
    await Promise.all(
      groups.map(async (group) => {
        const hashes = await this.pool.exec(
          "hashes",
          { files: group.map(({ file }) => file) },
          signal ? { signal } : {},
        );
        const entries: Entry[] = [];
        group.forEach(({ file, key, stamp, settled }, i) => {
          const content = hashes[i];
          if (!content) return;
          this.pictures.set(file, { content, stamp });
          if (settled) entries.push({ key, bytes: content });
        });
        await this.store.put(entries);
      }),
    );
  }

  /** Names the bytes of a picture's file; null when they are not known. */
  contentOf(file: string): string | null {
    const picture = this.pictures.get(file);
    return picture ? Buffer.from(picture.content).toString("hex") : null;
  }

  private keyOf({ text, file }: Item): Buffer | null {
    if (text !== undefined) return textKey(this.model, text);
    const picture = file === undefined ? undefined : this.pictures.get(file);
    return picture ? pictureKey(this.model, picture.content) : null;
  }
}

/** Word vectors and static embedders take some microseconds for a text, as a look-up does. */
function isWorthKeeping({ runtime }: ModelCard): boolean {
  switch (runtime) {
    case "words":
    case "static":
      return false;
    case "onnx":
    case "remote":
      return true;
  }
}

const stampFrom = ({ size, mtimeNs }: { size: bigint; mtimeNs: bigint }): string => `${size} ${mtimeNs}`;

const stampOf = (file: string): Promise<string | null> => stat(file, { bigint: true }).then(stampFrom, () => null);

/** A vector as it is kept: its numbers, then one word that says whether its text was cut. */
function vectorBytes(vector: Float32Array, truncated: boolean): Uint8Array {
  const bytes = new Uint8Array(vector.length * 4 + 4);
  new Float32Array(bytes.buffer, 0, vector.length).set(vector);
  bytes[bytes.length - 4] = Number(truncated);
  return bytes;
}

function readVector(bytes: Uint8Array | null, dims: number): KeptVector | null {
  if (bytes?.length !== dims * 4 + 4) return null;
  return { vector: new Float32Array(bytes.buffer as ArrayBuffer, 0, dims), truncated: bytes[dims * 4] === 1 };
}

/** JSON, filled up with spaces to whole words. */
function jsonBytes(value: object): Uint8Array {
  const json = JSON.stringify(value);
  const bytes = Buffer.from(json);
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4, " ")]);
}
