/** What is used of hyparquet: a file of its own in the bundle, loaded with the first Parquet file. */
export { parquetMetadataAsync, parquetSchema } from "hyparquet";
export { parquetHeader } from "hyparquet/src/column.js";
export { convert, DEFAULT_PARSERS } from "hyparquet/src/convert.js";
export { decompressPage, readDataPage, readDataPageV2 } from "hyparquet/src/datapage.js";
export { readPlain } from "hyparquet/src/plain.js";
export {
  getMaxDefinitionLevel,
  getMaxRepetitionLevel,
  getTreePath,
  isListLike,
  isMapLike,
} from "hyparquet/src/schema.js";
export { compressors } from "hyparquet-compressors";
