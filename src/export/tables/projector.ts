import { cellOf, type ExportTable } from "./columns";

/**
 * The two TSV files of the Embedding Projector (https://projector.tensorflow.org): the vectors, and the metadata with a header (without
 * one when there is a single column, as its rule is). Tabs and line ends in texts become blanks.
 */
export function projectorFiles({ rows, columns }: ExportTable): {
  tensors: Iterable<string>;
  metadata: Iterable<string>;
} {
  const vectors = columns.filter((column) => column.type === "vector");
  const others = columns.filter((column) => column.type !== "vector");
  return {
    tensors: lines(rows, (row) =>
      vectors.flatMap(({ dims, values }) =>
        Array.from(values.subarray(row * dims, (row + 1) * dims), (value) => String(Number(value.toPrecision(7)))),
      ),
    ),
    metadata: withHeader(
      others.length > 1 ? others.map(({ name }) => plain(name)) : null,
      lines(rows, (row) => others.map((column) => plain(String(cellOf(column, row) ?? "")))),
    ),
  };
}

const plain = (text: string): string => text.replace(/[\t\r\n]+/g, " ");

function* lines(rows: number, cells: (row: number) => string[]): Generator<string> {
  for (let row = 0; row < rows; row++) yield `${cells(row).join("\t")}\n`;
}

function* withHeader(header: readonly string[] | null, rest: Iterable<string>): Generator<string> {
  if (header) yield `${header.join("\t")}\n`;
  yield* rest;
}
