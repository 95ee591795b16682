import { brotliDecompressSync, unzipSync } from "node:zlib";
import type { Compressors } from "hyparquet/src/types.js";
import { compressors } from "./parquet-library";

/** Snappy, LZ4 and Zstandard of hyparquet-compressors; gzip and Brotli of Node, which are native. A page unpacks to what it claims, at most. */
export const CODECS: Compressors = {
  ...compressors,
  GZIP: (bytes, maxOutputLength) => unzipSync(bytes, { maxOutputLength: Math.max(1, maxOutputLength) }),
  BROTLI: (bytes, maxOutputLength) => brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, maxOutputLength) }),
};
