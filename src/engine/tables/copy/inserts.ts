import { LensError } from "../../../protocol/errors";
import type { CellBounds } from "../csv/csv-cells";
import type { Dialect } from "../csv/csv-scanner";
import { isBlank } from "../records/scanner";
import type { RecordInsert } from "./copy-records";

const CLOSE_BRACE = 125;
const OPEN_BRACE = 123;
const COMMA = 44;

/** Values of CSV: after the last column, also where cells are missing; what is beyond the columns comes after it. */
export function csvInsert(
  { delimiter, quotes }: Dialect,
  width: number,
  bounds: CellBounds,
  path: string,
  isDelimiter: (byte: number) => boolean,
): Pick<RecordInsert, "value"> & { text: (name: string) => string } {
  // A text of one column that nothing divides gets a comma; cells with commas would then be divided.
  const one = !isDelimiter(delimiter);
  const between = one ? "," : String.fromCharCode(delimiter);
  const quoted = (text: string): string =>
    quotes && (text.includes(between) || /["\r\n]/.test(text)) ? `"${text.replaceAll('"', '""')}"` : text;
  return {
    text: (name) => between + quoted(name),
    value(bytes, start, end, _, value) {
      const count = bounds.find(bytes, start, end, delimiter, quotes);
      if (one && bytes.subarray(start, end).includes(COMMA) && !bounds.isQuoted(0)) {
        throw new LensError(
          "source",
          `${path} has one column whose texts hold commas: a second column would divide them.`,
        );
      }
      const at = count > width ? bounds.end(width - 1) : end;
      return { at, text: between.repeat(Math.max(0, width - count) + 1) + (value === null ? "" : String(value)) };
    },
  };
}

/** Values of JSON records: a last field. */
export const jsonInsert: RecordInsert = {
  value(bytes, start, end, name, value) {
    const close = lastByte(bytes, start, end);
    if (bytes[close] !== CLOSE_BRACE) return null;
    const before = lastByte(bytes, start, close);
    const comma = bytes[before] === OPEN_BRACE ? "" : ",";
    return { at: before + 1, text: `${comma}${JSON.stringify(name)}:${value === null ? "null" : String(value)}` };
  },
};

/** The last byte of a range that is not blank. */
function lastByte(bytes: Buffer, start: number, end: number): number {
  let at = end - 1;
  while (at > start && isBlank(bytes[at]!)) at--;
  return at;
}
