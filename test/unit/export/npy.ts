/** Reads an npy file of format 1.0 with little-endian float32 in C order. */
export function readNpy(bytes: Uint8Array): { shape: number[]; data: Float32Array } {
  const magic = Buffer.from(bytes.subarray(0, 6)).toString("latin1");
  if (magic !== "\x93NUMPY" || bytes[6] !== 1 || bytes[7] !== 0) throw new Error("not npy 1.0");
  const length = bytes[8]! + 256 * bytes[9]!;
  const header = Buffer.from(bytes.subarray(10, 10 + length)).toString("latin1");
  const found = /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(([\d, ]*)\), \} *\n$/.exec(header);
  if (!found || (10 + length) % 64 !== 0) throw new Error(`odd header ${JSON.stringify(header)}`);
  const shape = found[1]!.split(", ").map(Number);
  return { shape, data: new Float32Array(Uint8Array.from(bytes.subarray(10 + length)).buffer) };
}
