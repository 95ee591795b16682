/** An element type, a shape and values. */
export type TestTensor = readonly ["F32" | "F64" | "F16" | "I8" | "I32", readonly number[], Float32Array];

/** The bytes of a .safetensors file. */
export function safetensors(tensors: Record<string, TestTensor>): Buffer {
  const header: Record<string, object> = {};
  const parts: Buffer[] = [];
  let at = 0;
  for (const [name, [dtype, shape, values]] of Object.entries(tensors)) {
    const array = {
      F32: () => values,
      F64: () => Float64Array.from(values),
      F16: () => Uint16Array.from(values, halfBits),
      I8: () => Int8Array.from(values),
      I32: () => Int32Array.from(values),
    }[dtype]();
    const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
    header[name] = { dtype, shape, data_offsets: [at, at + bytes.length] };
    parts.push(bytes);
    at += bytes.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...parts]);
}

/** The bits of a number that half precision holds exactly: whole, and below 2048. */
function halfBits(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const fraction = (Math.abs(value) / 2 ** exponent - 1) * 1024;
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction;
}
