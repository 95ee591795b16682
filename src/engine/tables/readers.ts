// The readers of all kinds of files but .npy: a file of its own in dist/, loaded with the first of them. They keep nothing that the
// engine would share with them.
export { openArrow } from "./arrow/arrow";
export { openCsv } from "./csv/csv";
export { openHdf5 } from "./hdf5/hdf5";
export { openJson, openJsonLines } from "./json/json";
export { openNpz } from "./npy/npz";
export { openParquet } from "./parquet/parquet";
export { openSafetensors } from "./safetensors";
export { openSqlite } from "./sqlite/sqlite";
export { openTensorBytes } from "./text-vectors/tensor-bytes";
export { openWordVectors } from "./text-vectors/word-vectors";
export { openXlsx } from "./xlsx/xlsx";
