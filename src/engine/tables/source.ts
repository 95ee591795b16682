import type { Stats } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { LensError } from "../../protocol/errors";
import { whyUnreadable } from "../items/walk";

/** The bytes of a file, read in any order. */
export interface ByteSource {
  /** For messages: as in the recipe. */
  readonly path: string;
  readonly size: number;
  /** Fills as much of `into` as the file has from `start`; the number of bytes read. @throws LensError "source" */
  readInto(into: Uint8Array, start: number): Promise<number>;
  /** `length` bytes from `start`. @throws LensError "source" when the file ends before */
  read(start: number, length: number): Promise<Uint8Array>;
  /** @throws LensError "source" when the file is not what it was when it was opened */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** The sentence for a file that is no longer what it was. */
export const changed = (path: string): LensError =>
  new LensError("source", `${path} changed while it was being read. Open it again.`);

/** Up to this size a file is read whole when it is opened: headers and rows are then at hand. */
const WHOLE_BYTES = 1 << 20;

const unreadable = (path: string, error: unknown): LensError =>
  error instanceof LensError ? error : new LensError("source", `${path}: ${whyUnreadable(error)}.`, { cause: error });

/**
 * Opens a file.
 * @param file absolute path on this machine
 * @param path as it stands in the recipe, for messages
 * @throws LensError "source"
 */
export async function openFile(file: string, path = file): Promise<ByteSource> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, "r");
    const info = await handle.stat();
    if (!info.isFile()) throw new LensError("source", `${path} is not a file.`);
    const source = handleSource(handle, info, path);
    if (info.size > WHOLE_BYTES) return source;
    const whole = await source.read(0, info.size);
    return { ...memorySource(whole, path), check: () => source.check(), close: () => source.close() };
  } catch (error) {
    await handle?.close();
    throw unreadable(path, error);
  }
}

/** @param info of the file when it was opened */
function handleSource(handle: FileHandle, info: Stats, path: string): ByteSource {
  const readInto = async (into: Uint8Array, start: number): Promise<number> => {
    let done = 0;
    while (done < into.length) {
      const { bytesRead } = await handle
        .read(into, done, into.length - done, start + done)
        .catch((error: unknown) => Promise.reject(unreadable(path, error)));
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return done;
  };
  return {
    path,
    size: info.size,
    readInto,
    read: async (start, length) => {
      const bytes = new Uint8Array(length);
      if ((await readInto(bytes, start)) === length) return bytes;
      if (start + length <= info.size) throw changed(path);
      throw new LensError("source", `${path} ends before its data does: it is cut off. Copy or download it again.`);
    },
    check: async () => {
      const now = await handle.stat();
      if (now.size !== info.size || now.mtimeMs !== info.mtimeMs) throw changed(path);
    },
    close: () => handle.close(),
  };
}

/** Bytes that are in memory already, as a file. */
export function memorySource(bytes: Uint8Array, path: string): ByteSource {
  const readInto = (into: Uint8Array, start: number): Promise<number> => {
    const part = bytes.subarray(start, start + into.length);
    into.set(part);
    return Promise.resolve(part.length);
  };
  return {
    path,
    size: bytes.length,
    readInto,
    read: (start, length) =>
      start + length <= bytes.length
        ? Promise.resolve(bytes.subarray(start, start + length))
        : Promise.reject(
            new LensError("source", `${path} ends before its data does: it is cut off. Copy or download it again.`),
          ),
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
