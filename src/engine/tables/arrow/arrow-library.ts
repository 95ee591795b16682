/** What is used of Arrow: a file of its own in the bundle, loaded with the first Arrow file. */
export {
  type AsyncRecordBatchFileReader,
  CompressionType,
  compressionRegistry,
  DataType,
  type Field,
  type RecordBatch,
  RecordBatchReader,
  type Schema,
  Vector,
} from "apache-arrow";
export { decompress as decodeZstd } from "fzstd";
