// Loaded when one of these formats is written: together they are some hundred kilobytes.
export { arrowFile } from "./arrow";
export { parquetFile } from "./parquet";
