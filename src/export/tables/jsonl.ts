import type { ExportColumn, ExportTable } from "./columns";

/** JSON Lines, a line at a time: numbers with the digits that float32 carries, empty cells as null. */
export function* jsonLines({ rows, columns }: ExportTable): Generator<string> {
  for (let row = 0; row < rows; row++) {
    const fields = columns.map((column) => `${JSON.stringify(column.name)}:${valueText(column, row)}`);
    yield `{${fields.join(",")}}\n`;
  }
}

function valueText(column: ExportColumn, row: number): string {
  switch (column.type) {
    case "text":
      return JSON.stringify(column.values[row] ?? null);
    case "integer":
    case "number":
      return numberText(column.values[row]!);
    case "vector":
      return `[${Array.from(column.values.subarray(row * column.dims, (row + 1) * column.dims), numberText).join(",")}]`;
  }
}

const numberText = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(7))) : "null");
