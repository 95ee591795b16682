import { open } from "node:fs/promises";
import { TextDecoder } from "node:util";
import { LensError } from "../../protocol/errors";
import type { FoundFile } from "./walk";
import { whyUnreadable } from "./walk";

const CHUNK_BYTES = 1 << 18;
const SNIFF_BYTES = 8_192;

type Encoding = "utf-8" | "utf-16le" | "utf-16be";

/**
 * The encoding of a text by its first bytes: a byte order mark, else zero bytes in every second place (UTF-16), else UTF-8.
 * @returns null when it is no text: it holds zero bytes elsewhere, or mostly bytes that no text has
 */
export function sniffEncoding(start: Uint8Array): Encoding | null {
  const [a, b] = start;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  let even = 0;
  let odd = 0;
  let control = 0;
  for (let i = 0; i < start.length; i++) {
    const byte = start[i]!;
    if (byte === 0 && i % 2 === 0) even++;
    else if (byte === 0) odd++;
    else if (byte < 7 || (byte > 13 && byte < 27)) control++;
  }
  if (even + odd === 0) return control * 20 > start.length ? null : "utf-8";
  const half = Math.floor(start.length / 2);
  if (even === 0 && odd * 10 > half * 9) return "utf-16le";
  if (odd === 0 && even * 10 > half * 9) return "utf-16be";
  return null;
}

/** The sentence for a file that is not text. */
export const notText = (path: string): LensError =>
  new LensError("source", `${path} is not a text file. Choose a text file, or save it as UTF-8 text.`);

/**
 * The text of a file in pieces of at most 256 KB: UTF-8, or UTF-16 with a byte order mark; the mark is left out, and bytes that are
 * not in the encoding become U+FFFD. Never holds the whole file.
 * @throws LensError "source" when it is unreadable or not text
 */
export async function* readText(found: FoundFile, signal: AbortSignal): AsyncGenerator<string> {
  if (found.text !== undefined) {
    yield found.text.replace(/^\uFEFF/, "");
    return;
  }
  const handle = await open(found.file, "r").catch((error: unknown) => {
    throw unreadable(found.path, error);
  });
  try {
    const buffer = new Uint8Array(CHUNK_BYTES);
    let decoder: TextDecoder | null = null;
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, null).catch((error: unknown) => {
        throw unreadable(found.path, error);
      });
      const bytes = buffer.subarray(0, bytesRead);
      if (decoder === null) {
        const encoding = sniffEncoding(bytes.subarray(0, SNIFF_BYTES));
        if (encoding === null) throw notText(found.path);
        decoder = new TextDecoder(encoding);
      }
      const text = decoder.decode(bytes, { stream: bytesRead > 0 });
      if (text !== "") yield text;
      if (bytesRead === 0) return;
    }
  } finally {
    await handle.close();
  }
}

const unreadable = (path: string, error: unknown): LensError =>
  new LensError("source", `${path}: ${whyUnreadable(error)}.`, { cause: error });
