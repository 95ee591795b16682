import { cellOf, type ExportColumn, type ExportTable } from "./columns";

/** JSON Lines, a line at a time: numbers with the digits that float32 carries, empty cells as null. */
export function* jsonLines({ rows, columns }: ExportTable): Generator<string> {
  for (let row = 0; row < rows; row++) {
    const fields = columns.map((column) => `${JSON.stringify(column.name)}:${valueText(column, row)}`);
    yield `{${fields.join(",")}}\n`;
  }
}

function valueText(column: ExportColumn, row: number): string {
  if (column.type !== "vector") return JSON.stringify(cellOf(column, row));
  return `[${Array.from(column.values.subarray(row * column.dims, (row + 1) * column.dims), numberText).join(",")}]`;
}

const numberText = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(7))) : "null");
