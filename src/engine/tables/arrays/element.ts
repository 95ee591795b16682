import { endianness } from "node:os";
import { bfloat16, float16 } from "./float16";

/** One kind of value of an array of numbers: how many bytes, and how to read one. */
export interface NumberElement {
  kind: "number" | "boolean" | "date";
  bytes: number;
  /** The value at a byte offset. Dates are milliseconds since 1970, NaN for none; booleans are 1 and 0. */
  get: (view: DataView, at: number) => number;
  /** Whether its bytes are those of a Float32Array here. */
  isFloat32?: boolean;
}

export interface TextElement {
  kind: "text";
  bytes: number;
  get: (view: DataView, at: number) => string;
}

export type Element = NumberElement | TextElement;

export type ElementCode = "f2" | "bf2" | "f4" | "f8" | "i1" | "i2" | "i4" | "i8" | "u1" | "u2" | "u4" | "u8" | "b1";

/** @param little the byte order; of no matter for single bytes */
export function numberElement(code: ElementCode, little: boolean): NumberElement {
  const number = (bytes: number, get: NumberElement["get"]): NumberElement => ({ kind: "number", bytes, get });
  switch (code) {
    case "f2":
      return number(2, (view, at) => float16(view.getUint16(at, little)));
    case "bf2":
      return number(2, (view, at) => bfloat16(view.getUint16(at, little)));
    case "f4":
      return {
        ...number(4, (view, at) => view.getFloat32(at, little)),
        isFloat32: little === (endianness() === "LE"),
      };
    case "f8":
      return number(8, (view, at) => view.getFloat64(at, little));
    case "i1":
      return number(1, (view, at) => view.getInt8(at));
    case "i2":
      return number(2, (view, at) => view.getInt16(at, little));
    case "i4":
      return number(4, (view, at) => view.getInt32(at, little));
    case "i8":
      return number(8, (view, at) => Number(view.getBigInt64(at, little)));
    case "u1":
      return number(1, (view, at) => view.getUint8(at));
    case "u2":
      return number(2, (view, at) => view.getUint16(at, little));
    case "u4":
      return number(4, (view, at) => view.getUint32(at, little));
    case "u8":
      return number(8, (view, at) => Number(view.getBigUint64(at, little)));
    case "b1":
      return { kind: "boolean", bytes: 1, get: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) };
  }
}

/** Texts of a fixed number of UTF-32 code points, padded with zeros (NumPy's `U`). */
export function utf32Element(length: number, little: boolean): TextElement {
  return {
    kind: "text",
    bytes: length * 4,
    get: (view, at) => {
      let text = "";
      for (let i = 0; i < length; i++) {
        const point = view.getUint32(at + i * 4, little);
        if (point === 0) break;
        text += String.fromCodePoint(point > 0x10ffff ? 0xfffd : point);
      }
      return text;
    },
  };
}

/** Texts of a fixed number of UTF-8 bytes, padded with zeros (NumPy's `S`). */
export function bytesElement(bytes: number): TextElement {
  const decoder = new TextDecoder();
  return {
    kind: "text",
    bytes,
    get: (view, at) => {
      let end = at + bytes;
      while (end > at && view.getUint8(end - 1) === 0) end--;
      return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + at, end - at));
    },
  };
}
