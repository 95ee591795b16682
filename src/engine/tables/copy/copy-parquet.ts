import { LensError } from "../../../protocol/errors";
import { readThrift, writeThrift, type Thrift, type ThriftStruct } from "../parquet/thrift";
import { openFile } from "../source";
import type { ReadContext } from "../table";
import type { AddedColumn, Sink } from "./copy";
import { parquetWriteBuffer } from "./parquet-writer";

const BATCH = 1 << 22;
const MAGIC_BYTES = 4;
/** What Arrow keeps of the table that was written: it would no longer fit the columns. */
const ARROW_SCHEMA = "ARROW:schema";

/**
 * Copies a Parquet file with one more column (INT32, optional): the data that are there are copied as they are, the column's pages are
 * written after them, and the footer names both (fields: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift).
 */
export async function copyParquet(
  file: string,
  path: string,
  { name, rows, values }: AddedColumn,
  sink: Sink,
  { signal, report }: ReadContext,
): Promise<void> {
  const source = await openFile(file, path);
  try {
    const tail = Buffer.from(await source.read(source.size - 8, 8));
    const end = source.size - 8 - tail.readUInt32LE(0);
    const footer = readThrift(await source.read(end, tail.readUInt32LE(0)));
    for (let from = 0; from < end; from += BATCH) {
      signal?.throwIfAborted();
      await sink(await source.read(from, Math.min(BATCH, end - from)));
      report?.(from, source.size);
    }
    const value = new Map(Array.from(rows, (row, i) => [row, values[i]!]));
    let offset = end;
    let row = 0;
    let element: Thrift | null = null;
    for (const group of items(footer, 4)) {
      signal?.throwIfAborted();
      const count = Number(integer(group, 3));
      const cells = Array.from({ length: count }, (_, i) => value.get(row + i) ?? null);
      row += count;
      const chunk = chunkOf(name, cells, offset - MAGIC_BYTES);
      await sink(chunk.bytes);
      offset += chunk.bytes.length;
      element ??= chunk.element;
      listOf(group, 1).push(chunk.column);
      add(group, 2, integer(inner(chunk.column, 3), 6));
      if (group.fields.has(6)) add(group, 6, integer(inner(chunk.column, 3), 7));
    }
    if (!element) throw new LensError("source", `${path} has no rows.`);
    const schema = items(footer, 2);
    add(schema[0]!, 5, 1n);
    listOf(footer, 2).push(element);
    if (footer.fields.has(7)) {
      listOf(footer, 7).push(structOf([[1, structOf([])]]));
    }
    withoutArrowSchema(footer);
    const bytes = writeThrift(footer);
    const after = Buffer.alloc(8, "PAR1");
    after.writeUInt32LE(bytes.length, 0);
    await sink(bytes);
    await sink(after);
    await source.check();
  } finally {
    await source.close();
  }
}

/** The pages of a column of one row group and what a footer says of them. @param shift what their places are moved by */
function chunkOf(
  name: string,
  cells: (number | null)[],
  shift: number,
): { bytes: Uint8Array; column: ThriftStruct; element: Thrift } {
  const whole = Buffer.from(
    parquetWriteBuffer({
      columnData: [{ name, data: cells, offsetIndex: false }],
      schema: [
        { name: "root", num_children: 1 },
        { name, type: "INT32", repetition_type: "OPTIONAL" },
      ],
      rowGroupSize: cells.length,
    }),
  );
  const length = whole.readUInt32LE(whole.length - 8);
  const end = whole.length - 8 - length;
  const footer = readThrift(whole.subarray(end, end + length));
  const column = items(items(footer, 4)[0]!, 1)[0]!;
  const about = inner(column, 3);
  if (integer(column, 2) > 0n) add(column, 2, BigInt(shift));
  add(about, 9, BigInt(shift));
  if (about.fields.has(11)) add(about, 11, BigInt(shift));
  return { bytes: whole.subarray(MAGIC_BYTES, end), column, element: items(footer, 2)[1]! };
}

function withoutArrowSchema(footer: ThriftStruct): void {
  const pairs = footer.fields.get(5);
  if (pairs?.type !== "list") return;
  pairs.items = pairs.items.filter((pair) => {
    const key = pair.type === "struct" ? pair.fields.get(1) : undefined;
    return key?.type !== "binary" || Buffer.from(key.value).toString() !== ARROW_SCHEMA;
  });
}

const structOf = (fields: [number, Thrift][]): ThriftStruct => ({ type: "struct", fields: new Map(fields) });

function listOf(struct: ThriftStruct, field: number): Thrift[] {
  const list = struct.fields.get(field);
  if (list?.type !== "list") throw new RangeError(`field ${field} is no list`);
  return list.items;
}

const items = (struct: ThriftStruct, field: number): ThriftStruct[] =>
  listOf(struct, field).filter((item): item is ThriftStruct => item.type === "struct");

function inner(struct: ThriftStruct, field: number): ThriftStruct {
  const found = struct.fields.get(field);
  if (found?.type !== "struct") throw new RangeError(`field ${field} is no structure`);
  return found;
}

function integer(struct: ThriftStruct, field: number): bigint {
  const found = struct.fields.get(field);
  return found?.type === "i64" || found?.type === "i32" ? found.value : 0n;
}

function add(struct: ThriftStruct, field: number, more: bigint): void {
  const found = struct.fields.get(field);
  if (found?.type === "i64" || found?.type === "i32") found.value += more;
}
