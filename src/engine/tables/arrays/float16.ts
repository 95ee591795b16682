let table: Float32Array | null = null;

/** The value of 16 bits of IEEE 754 binary16 ("half"). */
export function float16(bits: number): number {
  table ??= Float32Array.from({ length: 0x10000 }, (_, i) => decode(i));
  return table[bits]!;
}

function decode(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const words = new Uint32Array(1);
const floats = new Float32Array(words.buffer);

/** The value of 16 bits of bfloat16: the upper half of a float32. */
export function bfloat16(bits: number): number {
  words[0] = bits << 16;
  return floats[0]!;
}
