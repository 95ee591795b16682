import { randomBytes } from "node:crypto";
import { unlinkSync } from "node:fs";
import { open, realpath, rename, stat, unlink, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { LensError } from "../protocol/errors";

/** What a file is made of: text (UTF-8), bytes, or pieces of them. */
export type Content = string | Uint8Array | Iterable<string | Uint8Array>;

const unfinished = new Set<string>();

/**
 * Writes a file whole or not at all: into a temporary file beside it, to the disk, then under its name. A link is
 * followed; a file that is there is replaced and keeps its mode.
 * @throws LensError "write" with the reason; nothing is left behind
 * @throws the signal's reason when it is aborted before the file has its name
 */
export async function writeAtomic(file: string, content: Content, signal?: AbortSignal): Promise<void> {
  await writeBy(
    file,
    async (temporary, mode) => {
      const handle = await open(temporary, "wx", mode);
      try {
        await writePieces(handle, content, signal);
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    signal,
  );
}

/**
 * The same for a file that somebody else writes.
 * @param make writes the new file `temporary`
 */
export async function writeBy<T>(
  file: string,
  make: (temporary: string, mode: number) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const target = await realpath(file).catch(() => path.resolve(file));
  const temporary = path.join(path.dirname(target), `.embedding-lens-${randomBytes(6).toString("hex")}.tmp`);
  try {
    const existing = await stat(target).catch(() => null);
    if (existing?.isDirectory()) throw Object.assign(new Error("is a folder"), { code: "EISDIR" });
    unfinished.add(temporary);
    const made = await make(temporary, existing ? existing.mode : 0o666);
    signal?.throwIfAborted();
    await rename(temporary, target);
    return made;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    if (signal?.aborted) throw error;
    throw writeError(file, error);
  } finally {
    unfinished.delete(temporary);
  }
}

/** Removes the temporary files of writes that are under way, at once: for a process that is about to end. */
export function removeUnfinished(): void {
  for (const file of unfinished) {
    try {
      unlinkSync(file);
    } catch {
      // it has its name already, or was not made yet
    }
  }
}

const PIECE = 1 << 20;

/** Small pieces are gathered into writes of about a megabyte. */
async function writePieces(handle: FileHandle, content: Content, signal?: AbortSignal): Promise<void> {
  const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
  let text = "";
  const flush = async (): Promise<void> => {
    signal?.throwIfAborted();
    if (text) await writeAll(handle, Buffer.from(text));
    text = "";
  };
  for (const piece of pieces) {
    if (typeof piece === "string") {
      text += piece;
      if (text.length >= PIECE) await flush();
    } else {
      await flush();
      for (let at = 0; at < piece.length; at += 64 * PIECE) {
        signal?.throwIfAborted();
        await writeAll(handle, piece.subarray(at, at + 64 * PIECE));
      }
    }
  }
  await flush();
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
}

/** The sentence for a failed write. */
export function writeError(file: string, error: unknown): LensError {
  if (error instanceof LensError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new LensError("write", `“${file}” could not be written: ${reasonOf(code) ?? message}`, { cause: error });
}

function reasonOf(code: string | undefined): string | null {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full. Free some space or choose another folder.";
    case "EACCES":
    case "EPERM":
      return "there is no permission to write there. Choose another folder.";
    case "EROFS":
      return "the file system is read-only. Choose another folder.";
    case "ENOENT":
    case "ENOTDIR":
      return "its folder does not exist. Make it first.";
    case "EISDIR":
      return "it is a folder. Choose another name.";
    case "ENAMETOOLONG":
      return "its name is too long. Choose a shorter one.";
    default:
      return null;
  }
}
