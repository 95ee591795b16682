/** A value of Thrift's compact protocol, as it stands in a file: what is not looked at is written back as it was. */
export type Thrift =
  | { type: "bool" | "byte"; value: number }
  | { type: "i16" | "i32" | "i64"; value: bigint }
  | { type: "double" | "binary"; value: Uint8Array }
  | { type: "list"; code: number; items: Thrift[] }
  | { type: "map"; codes: number; items: Thrift[] }
  | { type: "struct"; fields: Map<number, Thrift> };

export type ThriftStruct = Extract<Thrift, { type: "struct" }>;

const STRUCT = 12;
const NAMES = { 3: "byte", 4: "i16", 5: "i32", 6: "i64", 7: "double", 8: "binary" } as const;
const CODES: Record<Thrift["type"], number> = {
  ...{ bool: 1, byte: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, map: 11, struct: STRUCT },
};

/**
 * Reads a struct (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
 * @throws RangeError when the bytes are none
 */
export function readThrift(bytes: Uint8Array): ThriftStruct {
  let at = 0;
  const byte = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw new RangeError("the structure is cut off");
    return value;
  };
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const next = byte();
      value |= BigInt(next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
  };
  const zigzag = (): bigint => {
    const value = varint();
    return value & 1n ? -(value >> 1n) - 1n : value >> 1n;
  };
  const raw = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError("the structure is cut off");
    return bytes.slice(at, (at += length));
  };
  const value = (code: number): Thrift => {
    switch (code) {
      case 1:
      case 2:
        return { type: "bool", value: byte() };
      case 3:
        return { type: "byte", value: byte() };
      case 4:
      case 5:
      case 6:
        return { type: NAMES[code], value: zigzag() };
      case 7:
        return { type: "double", value: raw(8) };
      case 8:
        return { type: "binary", value: raw(Number(varint())) };
      case 9:
      case 10: {
        const head = byte();
        const size = head >> 4 === 15 ? Number(varint()) : head >> 4;
        return { type: "list", code: head & 15, items: Array.from({ length: size }, () => value(head & 15)) };
      }
      case 11: {
        const size = Number(varint());
        const codes = size === 0 ? 0 : byte();
        const items = Array.from({ length: size }, () => [value(codes >> 4), value(codes & 15)]);
        return { type: "map", codes, items: items.flat() };
      }
      case STRUCT:
        return struct();
      default:
        throw new RangeError(`type ${code} is unknown`);
    }
  };
  const struct = (): ThriftStruct => {
    const fields = new Map<number, Thrift>();
    for (let id = 0; ;) {
      const head = byte();
      if (head === 0) return { type: "struct", fields };
      id = head >> 4 === 0 ? Number(zigzag()) : id + (head >> 4);
      const code = head & 15;
      fields.set(id, code === 1 || code === 2 ? { type: "bool", value: code } : value(code));
    }
  };
  return struct();
}

/** Undoes `readThrift`: the same bytes for the same values, for structs that were written with ascending fields. */
export function writeThrift(root: ThriftStruct): Uint8Array {
  const pieces: number[] = [];
  const varint = (value: bigint): void => {
    for (; value >= 0x80n; value >>= 7n) pieces.push(Number(value & 0x7fn) | 0x80);
    pieces.push(Number(value));
  };
  const zigzag = (value: bigint): void => varint(value < 0n ? -value * 2n - 1n : value * 2n);
  const push = (bytes: Uint8Array): void => bytes.forEach((one) => pieces.push(one));
  const write = (thrift: Thrift): void => {
    switch (thrift.type) {
      case "bool":
      case "byte":
        pieces.push(thrift.value);
        return;
      case "i16":
      case "i32":
      case "i64":
        return zigzag(thrift.value);
      case "double":
        return push(thrift.value);
      case "binary":
        varint(BigInt(thrift.value.length));
        return push(thrift.value);
      case "list": {
        const { code, items } = thrift;
        pieces.push((Math.min(items.length, 15) << 4) | code);
        if (items.length >= 15) varint(BigInt(items.length));
        items.forEach(write);
        return;
      }
      case "map":
        varint(BigInt(thrift.items.length / 2));
        if (thrift.items.length > 0) pieces.push(thrift.codes);
        thrift.items.forEach(write);
        return;
      case "struct":
        return struct(thrift);
    }
  };
  const struct = ({ fields }: ThriftStruct): void => {
    let last = 0;
    for (const [id, field] of [...fields].sort(([a], [b]) => a - b)) {
      const code = field.type === "bool" ? field.value : CODES[field.type];
      if (id - last > 0 && id - last <= 15) pieces.push(((id - last) << 4) | code);
      else {
        pieces.push(code);
        zigzag(BigInt(id));
      }
      last = id;
      if (field.type !== "bool") write(field);
    }
    pieces.push(0);
  };
  struct(root);
  return Uint8Array.from(pieces);
}
