/** A file of its own in the bundle, loaded with the first copy of a Parquet file. */
export { parquetWriteBuffer } from "hyparquet-writer";
