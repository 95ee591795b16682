import type { SchemaElement } from "hyparquet";
import { parquetWriteBuffer, type ColumnSource } from "hyparquet-writer";
import type { ExportColumn, ExportTable } from "./columns";

/** A Parquet file (Snappy): texts as strings, vectors as lists of float32, empty cells as nulls. */
export function parquetFile({ columns }: ExportTable): Uint8Array {
  const schema: SchemaElement[] = [{ name: "root", num_children: columns.length }, ...columns.flatMap(elements)];
  return new Uint8Array(parquetWriteBuffer({ columnData: columns.map(sourceOf), schema, rowGroupSize: 100_000 }));
}

function elements({ name, type }: ExportColumn): SchemaElement[] {
  switch (type) {
    case "text":
    case "category":
      return [{ name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" }];
    case "integer":
      return [{ name, type: "INT32", repetition_type: "OPTIONAL" }];
    case "number":
      return [{ name, type: "FLOAT", repetition_type: "OPTIONAL" }];
    case "double":
      return [{ name, type: "DOUBLE", repetition_type: "OPTIONAL" }];
    case "date":
      return [{ name, type: "INT64", converted_type: "TIMESTAMP_MILLIS", repetition_type: "OPTIONAL" }];
    case "boolean":
      return [{ name, type: "BOOLEAN", repetition_type: "OPTIONAL" }];
    case "vector":
      return [
        { name, repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        { name: "element", type: "FLOAT", repetition_type: "OPTIONAL" },
      ];
  }
}

function sourceOf(column: ExportColumn): ColumnSource {
  switch (column.type) {
    case "text":
      return { name: column.name, data: [...column.values] };
    case "category":
      return { name: column.name, data: Array.from(column.values, (code) => column.texts[code] ?? null) };
    case "boolean":
      return { name: column.name, data: Array.from(column.values, (code) => (code < 0 ? null : code === 1)) };
    case "date":
      return {
        name: column.name,
        data: Array.from(column.values, (value) => (Number.isNaN(value) ? null : new Date(value))),
      };
    case "integer":
    case "number":
    case "double":
      return { name: column.name, data: Array.from(column.values, (value) => (Number.isNaN(value) ? null : value)) };
    case "vector": {
      const { name, dims, values } = column;
      const rows = values.length / dims;
      return {
        name,
        data: Array.from({ length: rows }, (_, row) => Array.from(values.subarray(row * dims, (row + 1) * dims))),
      };
    }
  }
}
