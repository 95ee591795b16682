/** What the store keeps under a key: a checksum, the hour of the last use, and the bytes themselves. Words are little-endian. */
const HEADER = 8;

/** Hours since 1970. */
export const hourOf = (milliseconds: number): number => Math.floor(milliseconds / 3_600_000);

/** @param bytes a multiple of 4 bytes long */
export function writeRecord(key: Uint8Array, bytes: Uint8Array, hour: number): Buffer {
  const record = Buffer.alloc(HEADER + bytes.length);
  record.writeUInt32LE(checksum(key, bytes), 0);
  record.writeUInt32LE(hour, 4);
  record.set(bytes, HEADER);
  return record;
}

/** The bytes of a record, in a buffer of their own, and its hour; null when they are not those that were written under this key. */
export function readRecord(key: Uint8Array, record: Uint8Array): { bytes: Uint8Array; hour: number } | null {
  if (record.length < HEADER || record.length % 4 !== 0) return null;
  const view = new DataView(record.buffer, record.byteOffset, HEADER);
  const bytes = new Uint8Array(record.subarray(HEADER));
  if (view.getUint32(0, true) !== checksum(key, bytes)) return null;
  return { bytes, hour: view.getUint32(4, true) };
}

/** MurmurHash3 (x86, 32 bits; Appleby 2011) of the key and the bytes, word by word. */
function checksum(key: Uint8Array, bytes: Uint8Array): number {
  let hash = bytes.length;
  for (const part of [key, bytes]) {
    const aligned = part.byteOffset % 4 === 0 ? part : new Uint8Array(part);
    const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
    for (const word of words) {
      let mixed = Math.imul(word, 0xcc9e2d51);
      mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
      hash ^= mixed;
      hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
