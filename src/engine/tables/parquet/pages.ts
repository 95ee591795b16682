import type { PageHeader } from "hyparquet/src/types.js";
import { LensError } from "../../../protocol/errors";
import type { ByteSource } from "../source";
import { parquetHeader } from "./parquet-library";

export interface Page {
  header: PageHeader;
  /** As in the file: compressed. */
  bytes: Uint8Array;
}

const WINDOW_BYTES = 1 << 22;
const HEADER_BYTES = 1 << 16;
/** No writer makes pages near this size; a header that claims more is broken. */
const PAGE_LIMIT = 1 << 29;

/**
 * The pages of a column chunk one after the other: only one window of the file is in memory at a time.
 * @throws LensError "source" when the chunk is cut off or not what the footer says
 */
export async function* pagesOf(source: ByteSource, start: number, end: number): AsyncGenerator<Page> {
  if (end > source.size || start < 0) throw broken(source);
  let window: Uint8Array = new Uint8Array(0);
  let at = start;
  let from = start;
  const ensure = async (length: number): Promise<void> => {
    const wanted = Math.min(length, end - at);
    if (at + wanted <= from + window.length) return;
    window = await source.read(at, Math.min(Math.max(wanted, WINDOW_BYTES), end - at));
    from = at;
  };
  while (at < end) {
    await ensure(HEADER_BYTES);
    const reader = {
      view: new DataView(window.buffer, window.byteOffset + at - from, from + window.length - at),
      offset: 0,
    };
    let header: PageHeader;
    try {
      header = parquetHeader(reader);
    } catch (error) {
      throw broken(source, error);
    }
    const { compressed_page_size: size, uncompressed_page_size: unpacked } = header;
    at += reader.offset;
    if (size < 0 || at + size > end || unpacked < 0 || unpacked > PAGE_LIMIT) throw broken(source);
    await ensure(size);
    yield { header, bytes: new Uint8Array(window.buffer, window.byteOffset + at - from, size) };
    at += size;
  }
}

const broken = (source: ByteSource, cause?: unknown): LensError =>
  new LensError(
    "source",
    `${source.path} is broken: a part of a column is not where the file says. Copy or download it again.`,
    {
      cause,
    },
  );
