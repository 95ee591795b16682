const MAGIC = 0x184d2204;
/** The most bytes one buffer unpacks to. */
const OUTPUT_LIMIT = 1 << 30;

/**
 * Unpacks an LZ4 frame (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md), which compressed Feather files are made of.
 * Checksums are passed over; blocks may refer to those before them.
 * @throws Error when it is none, or too large
 */
export function decodeLz4Frame(input: Uint8Array): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new Error("not an LZ4 frame");
  const flags = view.getUint8(4);
  const hasSize = (flags & 8) !== 0;
  const hasBlockChecksum = (flags & 16) !== 0;
  const hasDictionary = (flags & 1) !== 0;
  let output = new Uint8Array(hasSize ? checked(Number(view.getBigUint64(6, true))) : input.length * 4);
  let at = 6 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0) + 1;
  let filled = 0;
  const room = (bytes: number): void => {
    if (filled + bytes <= output.length) return;
    const larger = new Uint8Array(checked(Math.max(output.length * 2, filled + bytes)));
    larger.set(output.subarray(0, filled));
    output = larger;
  };
  const copyBack = (distance: number, length: number): void => {
    if (distance === 0 || distance > filled) throw new Error("broken LZ4 block");
    room(length);
    for (const end = filled + length; filled < end; filled++) output[filled] = output[filled - distance]!;
  };
  const copyIn = (from: number, length: number): void => {
    if (from + length > input.length) throw new Error("broken LZ4 block");
    room(length);
    output.set(input.subarray(from, from + length), filled);
    filled += length;
  };
  for (;;) {
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) return output.subarray(0, filled);
    const length = size & 0x7fffffff;
    if (size & 0x80000000) copyIn(at, length);
    else decodeBlock(input, at, at + length, copyIn, copyBack);
    at += length + (hasBlockChecksum ? 4 : 0);
  }
}

function decodeBlock(
  input: Uint8Array,
  from: number,
  end: number,
  copyIn: (from: number, length: number) => void,
  copyBack: (distance: number, length: number) => void,
): void {
  let at = from;
  const more = (length: number): number => {
    if (length < 15) return length;
    for (let byte = 255; byte === 255 && at < end;) {
      byte = input[at++]!;
      length += byte;
    }
    return length;
  };
  while (at < end) {
    const token = input[at++]!;
    const literals = more(token >> 4);
    copyIn(at, literals);
    at += literals;
    if (at >= end) return;
    const distance = input[at]! | (input[at + 1]! << 8);
    at += 2;
    copyBack(distance, more(token & 15) + 4);
  }
}

function checked(bytes: number): number {
  if (bytes > OUTPUT_LIMIT) throw new Error("an LZ4 frame of more than 1 GB");
  return bytes;
}
