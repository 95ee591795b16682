import { LensError } from "../../../protocol/errors";
import { ArrayTable } from "../arrays/array-table";
import { stridedColumn, type StridedColumn } from "../arrays/strided";
import { distinctNames } from "../columns";
import type { ByteSource } from "../source";
import type { Table } from "../table";
import { type DType, parseDType, UnreadableType } from "./dtype";
import { readNpyHeader } from "./header";

/**
 * An npy file as a table: an array (n × d) is a column of vectors, (n) of numbers, texts or dates; of structured elements each
 * field is a column. Pickled objects are refused.
 * @param name of the column of plain values; absent: "vector", or "value" when there is one value a row
 * @throws LensError "source"
 */
export async function openNpy(source: ByteSource, name?: string): Promise<Table> {
  const { rows, columns, notes } = await npyColumns(source, name);
  return new ArrayTable("NumPy", source, columns, rows, notes);
}

/** The columns of one npy file, which may be a part of an npz. */
export async function npyColumns(
  source: ByteSource,
  name?: string,
): Promise<{ rows: number; columns: StridedColumn[]; notes: string[] }> {
  const { descr, fortran, shape, start } = await readNpyHeader(source);
  const type = dtypeOf(source, descr);
  const [rows = 1, ...inner] = shape;
  const width = inner.reduce((product, n) => product * n, 1);
  if (rows === 0 || width === 0)
    throw new LensError("source", `${source.path} holds an array without values (${shape.join(" × ")}).`);
  const needed = start + rows * width * type.bytes;
  if (source.size < needed) {
    throw new LensError(
      "source",
      `${source.path} is cut off: ${shape.join(" × ")} values need ${needed} bytes, it has ${source.size}. Copy or download it again.`,
    );
  }
  const notes =
    inner.length > 1
      ? [`Each row of ${source.path} (${inner.join(" × ")}) was read as one vector of ${width} values.`]
      : [];
  const step = type.bytes;
  const names = distinctNames(type.fields.map((field) => field.name || (name ?? (width > 1 ? "vector" : "value"))));
  const byValue = fortran && inner.length > 0;
  if (fortran && inner.length > 1)
    throw new LensError(
      "source",
      `${source.path} holds a ${shape.join(" × ")} array in Fortran order. Save it with np.ascontiguousarray.`,
    );
  const columns = type.fields.map((field, i) =>
    stridedColumn(names[i]!, {
      source,
      element: field.element,
      start: start + field.offset,
      rowStride: byValue ? step : step * width,
      valueStride: byValue ? step * rows : type.fields.length > 1 ? field.element.bytes : step,
      count: rows,
      width: type.fields.length > 1 || field.width > 1 ? field.width : width,
    }),
  );
  return { rows, columns, notes };
}

function dtypeOf(source: ByteSource, descr: Parameters<typeof parseDType>[0]): DType {
  try {
    return parseDType(descr);
  } catch (error) {
    if (error instanceof UnreadableType)
      throw new LensError("source", `${source.path} cannot be shown: ${error.message}.`);
    throw error;
  }
}
