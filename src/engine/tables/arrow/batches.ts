import type { ByteSource } from "../source";
import {
  type AsyncRecordBatchFileReader,
  CompressionType,
  compressionRegistry,
  decodeZstd,
  type RecordBatch,
  RecordBatchReader,
  type Schema,
} from "./arrow-library";
import { decodeLz4Frame } from "./lz4-frame";

compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => decodeZstd(bytes) });
compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: decodeLz4Frame });

/** The record batches of an Arrow file or stream; of a file any one at a time, of a stream one after the other. */
export interface Batches {
  schema: Schema;
  /** Null for a stream. */
  count: number | null;
  /** The batches from the first on; those that `wanted` refuses come as null, unread where that is possible. */
  each(wanted: (index: number) => boolean): AsyncGenerator<RecordBatch | null>;
}

/** @throws Error when it is not Arrow */
export async function openBatches(source: ByteSource): Promise<Batches> {
  const reader = await openReader(source);
  const { schema } = reader;
  if (reader.isFile()) {
    const file = reader as unknown as AsyncRecordBatchFileReader;
    const count = file.numRecordBatches;
    return {
      schema,
      count,
      each: async function* (wanted) {
        for (let i = 0; i < count; i++) yield wanted(i) ? await file.readRecordBatch(i) : null;
      },
    };
  }
  return {
    schema,
    count: null,
    each: async function* () {
      const stream = await openReader(source);
      for await (const batch of stream) yield batch;
    },
  };
}

async function openReader(source: ByteSource): Promise<RecordBatchReader> {
  const handle = {
    fd: -1,
    stat: () => Promise.resolve({ size: source.size }),
    read: async (buffer: Uint8Array, offset: number, length: number, position: number) => ({
      bytesRead: await source.readInto(buffer.subarray(offset, offset + length), position),
      buffer,
    }),
    close: () => Promise.resolve(),
  };
  // The library takes any object with these four for a file handle; its types name Node's class.
  const reader = await RecordBatchReader.from(handle as unknown as Parameters<typeof RecordBatchReader.from>[0]);
  return reader.open({ autoDestroy: false });
}
