import type { FileMetaData, RowGroup } from "hyparquet/src/types.js";
import { LensError } from "../../../protocol/errors";
import { guessColumn, type Cell } from "../cells";
import { columnBuilder } from "../column-builder";
import { checkRows, chosenColumns, distinctNames, firstRows } from "../columns";
import type { ByteSource } from "../source";
import type { Block, Column, ReadContext, Table } from "../table";
import { type Leaf, leavesOf } from "./leaf";
import { parquetMetadataAsync } from "./parquet-library";
import { pagesOf } from "./pages";
import { RowPicker } from "./rows";
import { readDictionary, readValues, rowsOfPage } from "./values";
import type { DecodedArray } from "hyparquet/src/types.js";

/** Rows that are looked at to tell vectors from lists and dates from texts. */
const LOOK_ROWS = 100;
/** An integer beyond this would be another number as a double: such columns are shown as text. */
const EXACT = 2n ** 53n;

interface ParquetColumn {
  column: Column;
  leaf: Leaf;
}

/**
 * A Parquet file as a table. A field of a struct is a column of its own ("outer.inner"); of a list of structs each field is a list.
 * Pages are read one at a time, and only those of the columns and rows asked for.
 * @throws LensError "source"
 */
export async function openParquet(source: ByteSource): Promise<Table> {
  const metadata = await readMetadata(source);
  const rowCount = Number(metadata.num_rows);
  const leaves = leavesOf(metadata);
  if (rowCount === 0 || leaves.length === 0) throw new LensError("source", `${source.path} has no rows.`);
  const names = distinctNames(leaves.map(({ name }) => name));
  const look = firstRows(Math.min(LOOK_ROWS, rowCount));
  const columns: ParquetColumn[] = [];
  for (const [i, leaf] of leaves.entries()) {
    const cells: Cell[] = [];
    await readLeaf(source, metadata, leaf, look, (cell) => cells.push(cell));
    columns.push({ leaf, column: columnOf(names[i]!, cells) });
  }
  return new ParquetTable(source, metadata, rowCount, columns);
}

function columnOf(name: string, cells: readonly Cell[]): Column {
  const huge = cells.some((cell) => typeof cell === "bigint" && (cell > EXACT || cell < -EXACT));
  return huge ? { name, type: "text", dims: 0 } : guessColumn(name, cells, true);
}

class ParquetTable implements Table {
  readonly format = "Parquet";
  readonly hasLines = false;
  readonly notes: readonly string[] = [];

  constructor(
    private readonly source: ByteSource,
    private readonly metadata: FileMetaData,
    readonly rowCount: number,
    private readonly all: readonly ParquetColumn[],
  ) {}

  get columns(): Column[] {
    return this.all.map(({ column }) => column);
  }

  count(): Promise<number> {
    return Promise.resolve(this.rowCount);
  }

  async read(columns: readonly string[], rows: Int32Array, ctx: ReadContext = {}): Promise<Block> {
    const chosen = chosenColumns(this.all, columns, ({ column }) => column.name, this.source.path);
    checkRows(rows, this.rowCount);
    const data = [];
    for (const [i, { column, leaf }] of chosen.entries()) {
      const builder = columnBuilder(column, rows.length);
      await readLeaf(
        this.source,
        this.metadata,
        leaf,
        rows,
        (cell) => builder.push(cell),
        ctx,
        (done) => ctx.report?.(i * this.rowCount + done, chosen.length * this.rowCount),
      );
      data.push(builder.finish());
    }
    await this.source.check();
    return { columns: data, lines: null, broken: [] };
  }

  preview(columns: readonly string[], limit: number, ctx?: ReadContext): Promise<Block> {
    return this.read(columns, firstRows(Math.min(limit, this.rowCount)), ctx);
  }

  close(): Promise<void> {
    return this.source.close();
  }
}

/** The cells of one column in some rows of the file. */
async function readLeaf(
  source: ByteSource,
  metadata: FileMetaData,
  leaf: Leaf,
  rows: Int32Array,
  push: (cell: Cell) => void,
  ctx: ReadContext = {},
  report: (rowsDone: number) => void = () => undefined,
): Promise<void> {
  let start = 0;
  let next = 0;
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    const first = next;
    while (next < rows.length && rows[next]! < end) next++;
    if (next > first) {
      const wanted = rows.slice(first, next).map((row) => row - start);
      await readChunk(source, group, leaf, wanted, push, ctx);
      report(end);
    }
    start = end;
  }
}

async function readChunk(
  source: ByteSource,
  group: RowGroup,
  leaf: Leaf,
  wanted: Int32Array,
  push: (cell: Cell) => void,
  ctx: ReadContext,
): Promise<void> {
  const chunk = group.columns.find(({ meta_data: meta }) => meta?.path_in_schema.join("\0") === leaf.path.join("\0"));
  const meta = chunk?.meta_data;
  if (!meta || chunk.file_path)
    throw new LensError("source", `${source.path} keeps the column “${leaf.name}” in another file, which is not read.`);
  const decoder = { ...leaf.decoder, codec: meta.codec };
  const start = Number(meta.dictionary_page_offset ?? meta.data_page_offset);
  let pushed = 0;
  const picker = new RowPicker(leaf, decoder, wanted, (cell) => {
    pushed++;
    push(cell);
  });
  let dictionary: DecodedArray | undefined;
  try {
    for await (const page of pagesOf(source, start, start + Number(meta.total_compressed_size))) {
      ctx.signal?.throwIfAborted();
      if (page.header.type === "DICTIONARY_PAGE") dictionary = readDictionary(page, decoder);
      if (page.header.type !== "DATA_PAGE" && page.header.type !== "DATA_PAGE_V2") continue;
      const inPage = rowsOfPage(page, leaf);
      if (inPage !== null && !picker.needs(inPage)) picker.skip(inPage);
      else picker.add(readValues(page, decoder), dictionary);
      if (picker.done) break;
    }
    picker.end();
  } catch (error) {
    if (error instanceof LensError || ctx.signal?.aborted) throw error;
    throw broken(source.path, leaf.name, error);
  }
  if (pushed < wanted.length) throw broken(source.path, leaf.name, new Error("rows are missing"));
}

const broken = (path: string, column: string, error: unknown): LensError =>
  new LensError(
    "source",
    `${path}: the column “${column}” cannot be read (${error instanceof Error ? error.message : String(error)}). Copy or download the file again, or leave the column out.`,
    { cause: error },
  );

async function readMetadata(source: ByteSource): Promise<FileMetaData> {
  const { path, size } = source;
  const ends = size < 12 ? ["", ""] : [await ascii(source, 0), await ascii(source, size - 4)];
  if (ends[0] !== "PAR1") throw new LensError("source", `${path} is not a Parquet file: it does not start as one.`);
  if (ends[1] === "PARE") throw new LensError("source", `${path} is an encrypted Parquet file, which cannot be read.`);
  if (ends[1] !== "PAR1")
    throw new LensError(
      "source",
      `${path} is cut off: the end of the Parquet file is missing. Copy or download it again.`,
    );
  const file = {
    byteLength: size,
    slice: async (start: number, end = size) => {
      const bytes = await source.read(start, end - start);
      return bytes.byteLength === bytes.buffer.byteLength
        ? (bytes.buffer as ArrayBuffer)
        : new Uint8Array(bytes).buffer;
    },
  };
  try {
    return await parquetMetadataAsync(file);
  } catch (error) {
    if (error instanceof LensError) throw error;
    throw new LensError("source", `${path} is broken: its footer cannot be read. Copy or download it again.`, {
      cause: error,
    });
  }
}

const ascii = async (source: ByteSource, at: number): Promise<string> =>
  String.fromCharCode(...(await source.read(at, 4)));
