import { bytesElement, type Element, type ElementCode, numberElement, utf32Element } from "../arrays/element";
import type { PythonValue } from "../python-literal";

/** One field of the elements of an array; `name` is empty for arrays of plain values. */
export interface Field {
  name: string;
  element: Element;
  /** Bytes from the start of the element. */
  offset: number;
  /** Values of the field, above 1 for a sub-array. */
  width: number;
}

export interface DType {
  /** Bytes of one element. */
  bytes: number;
  fields: Field[];
  /** Fields that cannot be read, and why. */
  unread: { name: string; why: string }[];
}

/** What kinds of values cannot be read, for a person. */
export class UnreadableType extends Error {}

const CODES = new Set(["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]);
/** Milliseconds of NumPy's units of time. */
const UNITS: Record<string, number> = {
  W: 604_800_000,
  D: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  ns: 1e-6,
};
const NOT_A_TIME = -(2n ** 63n);

/**
 * The type of NumPy's `descr`: "<f4", ">f8", "|b1", "<U12", "<M8[ns]", or a list of fields.
 * @throws UnreadableType with the reason
 */
export function parseDType(descr: PythonValue): DType {
  if (typeof descr === "string") {
    const element = elementOf(descr);
    return { bytes: element.bytes, fields: [{ name: "", element, offset: 0, width: 1 }], unread: [] };
  }
  if (!Array.isArray(descr)) throw new UnreadableType("its type is not one of NumPy's");
  const type: DType = { bytes: 0, fields: [], unread: [] };
  for (const entry of descr) {
    if (!Array.isArray(entry)) throw new UnreadableType("its type is not one of NumPy's");
    const [names, code, shape] = entry;
    const name = Array.isArray(names) ? names[0] : names;
    if (typeof name !== "string") throw new UnreadableType("one of its fields has no name");
    if (typeof code !== "string") throw new UnreadableType(`its field “${name}” holds fields itself`);
    const width = Array.isArray(shape) ? shape.reduce((product: number, n) => product * Number(n), 1) : 1;
    if (/^[|<>=]?V\d+$/.test(code)) {
      type.bytes += Number(/\d+/.exec(code)![0]) * width;
      continue;
    }
    const element = elementOf(code);
    if (name !== "") type.fields.push({ name, element, offset: type.bytes, width });
    type.bytes += element.bytes * width;
  }
  return type;
}

function elementOf(descr: string): Element {
  const match = /^([<>|=]?)([a-zA-Z])(\d*)(?:\[(\w+)\])?$/.exec(descr);
  if (!match) throw new UnreadableType(`its type ${descr} is not one of NumPy's`);
  const [, order, letter, size, unit] = match as unknown as [string, string, string, string, string | undefined];
  const little = order !== ">";
  const code = letter + size;
  if (CODES.has(code)) return numberElement(code as ElementCode, little);
  switch (letter) {
    case "U":
      return utf32Element(Number(size), little);
    case "S":
    case "a":
      return bytesElement(Number(size));
    case "M":
      return timeElement(unit ?? "", little);
    case "m":
      return numberElement("i8", little);
    case "O":
      throw new UnreadableType(
        "it holds pickled Python objects, which are not opened. Save plain numbers, or texts with dtype=str",
      );
    case "c":
      throw new UnreadableType("it holds complex numbers. Save their real part or their size");
    case "V":
      throw new UnreadableType("it holds raw bytes without a type (bfloat16, perhaps). Save it as float32");
    default:
      throw new UnreadableType(`its type ${descr} cannot be read. Save it as float32`);
  }
}

function timeElement(unit: string, little: boolean): Element {
  const [, count = "", name = ""] = /^(\d*)(\w+)$/.exec(unit) ?? [];
  const factor = (UNITS[name] ?? NaN) * Number(count || 1);
  if (Number.isNaN(factor)) throw new UnreadableType(`its times are in “${unit}”. Save them as days or seconds`);
  return {
    kind: "date",
    bytes: 8,
    get: (view, at) => {
      const ticks = view.getBigInt64(at, little);
      return ticks === NOT_A_TIME ? NaN : Number(ticks) * factor;
    },
  };
}
