import {
  Bool,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  makeData,
  Table,
  tableToIPC,
  TimestampMillisecond,
  Utf8,
  Vector,
  vectorFromArray,
} from "apache-arrow";
import type { ExportColumn, ExportTable } from "./columns";

/** An Arrow IPC file, which is Feather 2 as well: vectors are fixed-size lists of float32, empty cells nulls. */
export function arrowFile({ columns }: ExportTable): Uint8Array {
  return tableToIPC(new Table(Object.fromEntries(columns.map((column) => [column.name, vectorOf(column)]))), "file");
}

function vectorOf(column: ExportColumn): Vector {
  switch (column.type) {
    case "text":
      return vectorFromArray([...column.values], new Utf8());
    case "integer":
      return vectorFromArray(Array.from(column.values), new Int32());
    case "number":
      return vectorFromArray(
        Array.from(column.values, (value) => (Number.isNaN(value) ? null : value)),
        new Float32(),
      );
    case "category":
      return vectorFromArray(
        Array.from(column.values, (code) => column.texts[code] ?? null),
        new Utf8(),
      );
    case "boolean":
      return vectorFromArray(
        Array.from(column.values, (code) => (code < 0 ? null : code === 1)),
        new Bool(),
      );
    case "double":
    case "date":
      return vectorFromArray(
        Array.from(column.values, (value) => (Number.isNaN(value) ? null : value)),
        column.type === "date" ? new TimestampMillisecond() : new Float64(),
      );
    case "vector": {
      const { dims, values } = column;
      const child = makeData({ type: new Float32(), data: values });
      const type = new FixedSizeList(dims, new Field("item", new Float32(), true));
      return new Vector([makeData({ type, length: values.length / dims, child })]);
    }
  }
}
