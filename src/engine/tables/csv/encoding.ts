import { notText, sniffEncoding } from "../../items/decode";
import { LensError } from "../../../protocol/errors";
import { type ByteSource, memorySource } from "../source";
import type { Decode } from "./csv-cells";

const SNIFF_BYTES = 8_192;
const LOOK_BYTES = 1 << 20;
/** UTF-16 is turned into UTF-8 in memory. */
const UTF16_LIMIT = 1 << 29;

export interface TextSource {
  /** UTF-8, or a code page of one byte a character in which the first 128 are ASCII. */
  source: ByteSource;
  /** Bytes of the byte order mark. */
  start: number;
  decode: Decode;
  notes: string[];
}

/**
 * A file as text: UTF-8, UTF-16 (turned into UTF-8), or Windows-1252 when its bytes cannot be UTF-8.
 * @throws LensError "source" when it is no text
 */
export async function textSource(source: ByteSource): Promise<TextSource> {
  const look = Buffer.allocUnsafe(Math.min(LOOK_BYTES, source.size));
  await source.readInto(look, 0);
  const encoding = sniffEncoding(look.subarray(0, SNIFF_BYTES));
  if (encoding === null) throw notText(source.path);
  if (encoding !== "utf-8") {
    if (source.size > UTF16_LIMIT)
      throw new LensError("source", `${source.path} is UTF-16 and very large. Save it as UTF-8.`);
    const text = new TextDecoder(encoding).decode(await source.read(0, source.size));
    const inner = memorySource(Buffer.from(text, "utf8"), source.path);
    return {
      source: { ...inner, check: () => source.check(), close: () => source.close() },
      start: 0,
      decode: utf8,
      notes: [],
    };
  }
  const start = look[0] === 0xef && look[1] === 0xbb && look[2] === 0xbf ? 3 : 0;
  if (start === 0 && isCodePage(look)) {
    const decoder = new TextDecoder("windows-1252");
    return {
      source,
      start,
      decode: (bytes, from, to) => decoder.decode(bytes.subarray(from, to)),
      notes: [`${source.path} is not UTF-8; it was read as Windows-1252 (Western European).`],
    };
  }
  return { source, start, decode: utf8, notes: [] };
}

const utf8: Decode = (bytes, start, end) => bytes.toString("utf8", start, end);

/** Whether bytes over 127 never form UTF-8, though there are some. */
function isCodePage(bytes: Buffer): boolean {
  let wrong = 0;
  let right = 0;
  for (let i = 0; i < bytes.length - 4; i++) {
    const byte = bytes[i]!;
    if (byte < 0x80) continue;
    const more =
      byte >= 0xc2 && byte < 0xe0 ? 1 : byte >= 0xe0 && byte < 0xf0 ? 2 : byte >= 0xf0 && byte < 0xf5 ? 3 : 0;
    let follows = more > 0;
    for (let k = 1; k <= more; k++) follows &&= (bytes[i + k]! & 0xc0) === 0x80;
    if (follows) {
      right++;
      i += more;
    } else wrong++;
  }
  return wrong > right;
}
