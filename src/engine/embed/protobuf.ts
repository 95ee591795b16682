/** A field of a protobuf message: its number, and the bytes of a length-delimited value or the number of a varint. */
export interface Field {
  number: number;
  bytes: Uint8Array | null;
  value: number;
}

/**
 * The fields of a message in their order. Bytes are views, never copies: skipping a model's weights costs nothing.
 * Wire format: https://protobuf.dev/programming-guides/encoding/
 * @throws RangeError when the bytes are not a protobuf message
 */
export function* readFields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    throw new RangeError("The message ends within a number.");
  };
  const skip = (length: number): number => {
    const from = at;
    at += length;
    if (length < 0 || at > message.length) throw new RangeError("The message ends within a field.");
    return from;
  };
  while (at < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    if (number < 1) throw new RangeError("A field has no number.");
    switch (key % 8) {
      case 0:
        yield { number, bytes: null, value: varint() };
        break;
      case 1:
        skip(8);
        break;
      case 2: {
        const length = varint();
        const from = skip(length);
        yield { number, bytes: message.subarray(from, at), value: 0 };
        break;
      }
      case 5:
        skip(4);
        break;
      default:
        throw new RangeError(`A field has the unknown wire type ${key % 8}.`);
    }
  }
}

/** Every varint of a repeated field, packed or not. */
export function readPacked(field: Field): number[] {
  if (field.bytes === null) return [field.value];
  // A packed list reads like the values of a message without keys: put a key before each.
  const values: number[] = [];
  let from = 0;
  field.bytes.forEach((byte, at) => {
    if (byte >= 0x80) return;
    const [one] = readFields(Uint8Array.of(8, ...field.bytes!.subarray(from, at + 1)));
    values.push(one!.value);
    from = at + 1;
  });
  return values;
}

/** A length-delimited field: a text, bytes, or a message given as its fields. */
export function writeField(number: number, content: string | Uint8Array | Uint8Array[]): Uint8Array {
  const bytes =
    typeof content === "string"
      ? new TextEncoder().encode(content)
      : Array.isArray(content)
        ? concat(content)
        : content;
  return concat([varintBytes(number * 8 + 2), varintBytes(bytes.length), bytes]);
}

/** A varint field; `value` is a whole number. */
export const writeVarint = (number: number, value: number): Uint8Array =>
  concat([varintBytes(number * 8), varintBytes(value)]);

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function varintBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
