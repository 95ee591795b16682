import { type EventEmitter, once } from "node:events";
import { Readable } from "node:stream";
import type { Entry, ZipFile } from "yauzl";
import type { ByteSource } from "./source";
import { fromRandomAccessReader, RandomAccessReader } from "./zip-library";

/**
 * The directory of a zip archive. An entry that unpacks to more than it claims there is refused when it is read.
 * @throws Error of the library
 */
export function openZip(source: ByteSource): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true };
    fromRandomAccessReader(new SourceReader(source), source.size, options, (error, opened) => {
      if (error) reject(error);
      else resolve(opened);
    });
  });
}

/** All entries, in the order of the directory. */
export async function allEntries(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  const events: EventEmitter = zip;
  events.on("entry", (entry: Entry) => {
    entries.push(entry);
    zip.readEntry();
  });
  zip.readEntry();
  await once(events, "end");
  return entries;
}

/** The unpacked bytes of an entry. */
export function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => {
      if (error) reject(error);
      else resolve(opened);
    });
  });
}

const PIECE_BYTES = 1 << 20;

async function* pieces(source: ByteSource, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += PIECE_BYTES) yield await source.read(at, Math.min(PIECE_BYTES, end - at));
}

/** Lets yauzl read from a source. */
class SourceReader extends RandomAccessReader {
  constructor(private readonly source: ByteSource) {
    super();
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.source.read(position, length).then(
      (bytes) => {
        buffer.set(bytes, offset);
        callback(null);
      },
      (error: unknown) => callback(error as Error),
    );
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(pieces(this.source, start, end), { objectMode: false });
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}
