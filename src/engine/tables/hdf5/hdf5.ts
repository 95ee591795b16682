import { LensError } from "../../../protocol/errors";
import { type Cell, guessColumn } from "../cells";
import { columnBuilder } from "../column-builder";
import { checkRows, chosenColumns, distinctNames, firstRows } from "../columns";
import { MemoryTable } from "../memory-table";
import type { ByteSource } from "../source";
import type { Block, Column, ReadContext, Table, TableParts } from "../table";
import { readRows } from "./dataset";
import { type H5File, loadHdf5, type Library } from "./library";
import { readFixedFrame } from "./pandas-fixed";
import { tableCell, tableFields } from "./pandas-table";
import { partsOfFile, SeveralTables } from "../several";
import { type Part, partsOf } from "./parts";

const LOOK_ROWS = 100;
const SIGNATURE = "\x89HDF\r\n\x1a\n";

/** Reads the cells of one column in some rows. */
interface H5Column {
  column: Column;
  read: (rows: Int32Array, push: (cell: Cell) => void, signal?: AbortSignal) => void;
}

/**
 * A table of an HDF5 file: a frame of pandas (both formats), or a group whose data sets have rows in common.
 * @param file absolute path
 * @param wanted the group, when the file has several
 * @throws LensError "source"; when there are several tables and none is named it names them
 */
export async function openHdf5(source: ByteSource, file: string, wanted?: string): Promise<Table> {
  const start = String.fromCharCode(...(await source.read(0, Math.min(8, source.size))));
  if (start !== SIGNATURE)
    throw new LensError("source", `${source.path} is not an HDF5 file: it does not start as one.`);
  const library = await loadHdf5();
  const opened = openFile(library, file, source.path);
  try {
    const parts = partsOf(library, opened);
    const part = chosenPart(parts, wanted, source.path);
    const table = openPart(library, source, opened, part);
    const names = parts.map(({ path }) => path);
    return Object.assign(table, { parts: partsOfFile(names, part.path) });
  } catch (error) {
    opened.close();
    throw error;
  }
}

function openFile(library: Library, file: string, path: string): H5File {
  try {
    const opened = new library.File(file, "r");
    opened.keys();
    return opened;
  } catch (error) {
    throw new LensError(
      "source",
      `${path} is an HDF5 file that cannot be opened: it may be cut off. Copy or download it again.`,
      { cause: error },
    );
  }
}

function chosenPart(parts: readonly Part[], wanted: string | undefined, path: string): Part {
  const named = (part: Part): string => `“${part.path}” (${part.rows.toLocaleString("en-US")} rows)`;
  const [first, second] = parts;
  if (wanted !== undefined) {
    const plain = (name: string): string => name.replace(/^\/*|\/*$/g, "");
    const found = parts.find((part) => plain(part.path) === plain(wanted));
    if (found) return found;
    throw new LensError("source", `${path} has no table “${wanted}”. Its tables: ${parts.map(named).join(", ")}.`);
  }
  if (!first) throw new LensError("source", `${path} holds no table: no frame of pandas, and no data sets with rows.`);
  if (second)
    throw new SeveralTables(
      `${path} holds several tables: ${parts.map(named).join(", ")}. Name one of them.`,
      parts.map((part) => part.path),
    );
  return first;
}

function openPart(library: Library, source: ByteSource, opened: H5File, part: Part): Table {
  if (part.rows === 0) throw new LensError("source", `${source.path} has no rows.`);
  const look = firstRows(Math.min(LOOK_ROWS, part.rows));
  switch (part.kind) {
    case "pandas fixed": {
      const columns = readFixedFrame(library, part.group, source.path);
      opened.close();
      return new MemoryTable("HDF5 (pandas)", source, columns, part.rows);
    }
    case "pandas table": {
      const { dataset, fields } = tableFields(library, part.group, source.path);
      const names = distinctNames(fields.map(({ name }) => name));
      const columns = fields.map((field, i) =>
        columnOf(names[i]!, look, (rows, push, signal) =>
          readRows(source.path, dataset, rows, false, (row) => push(tableCell(row, field)), signal),
        ),
      );
      return new Hdf5Table("HDF5 (pandas)", source, opened, columns, part.rows, []);
    }
    case "data sets": {
      const failed: string[] = [];
      const columns = part.columns.flatMap(({ name, dataset, transposed }) => {
        try {
          return [
            columnOf(name, look, (rows, push, signal) =>
              readRows(source.path, dataset, rows, transposed, push, signal),
            ),
          ];
        } catch (error) {
          if (!(error instanceof LensError) || part.columns.length === 1) throw error;
          failed.push(error.message);
          return [];
        }
      });
      const notes = part.left.map(
        (name) => `${source.path}: the data set “${name}” has another number of rows; it is left out.`,
      );
      if (columns.length === 0) throw new LensError("source", failed.join(" "));
      return new Hdf5Table("HDF5", source, opened, columns, part.rows, [...failed, ...notes]);
    }
  }
}

function columnOf(name: string, look: Int32Array, read: H5Column["read"]): H5Column {
  const cells: Cell[] = [];
  read(look, (cell) => cells.push(cell));
  return { read, column: guessColumn(name, cells, true) };
}

class Hdf5Table implements Table {
  readonly hasLines = false;
  readonly parts?: TableParts | undefined;

  constructor(
    readonly format: string,
    private readonly source: ByteSource,
    private readonly opened: H5File,
    private readonly all: readonly H5Column[],
    readonly rowCount: number,
    readonly notes: readonly string[],
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
    const data = chosen.map(({ column, read }, i) => {
      const builder = columnBuilder(column, rows.length);
      read(rows, (cell) => builder.push(cell), ctx.signal);
      ctx.report?.(i + 1, chosen.length);
      return builder.finish();
    });
    await this.source.check();
    return { columns: data, lines: null, broken: [] };
  }

  preview(columns: readonly string[], limit: number, ctx?: ReadContext): Promise<Block> {
    return this.read(columns, firstRows(Math.min(limit, this.rowCount)), ctx);
  }

  close(): Promise<void> {
    this.opened.close();
    return this.source.close();
  }
}
