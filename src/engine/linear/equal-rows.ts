import type { Matrix } from "../types";

/** The bits of −0, which equals 0. */
const MINUS_ZERO = 1 << 31;

/** Finds equal rows of a matrix by a hash of their bits. */
export class EqualRows {
  /** The first rows of every hash, no two of them equal. */
  private readonly known = new Map<number, number[]>();

  constructor(private readonly matrix: Matrix) {}

  /** The first of the rows asked for so far that equals this one; itself when there is none. */
  firstOf(row: number): number {
    const hash = this.hashOf(row);
    const alike = this.known.get(hash);
    if (!alike) {
      this.known.set(hash, [row]);
      return row;
    }
    const first = alike.find((other) => this.areEqual(other, row));
    if (first === undefined) alike.push(row);
    return first ?? row;
  }

  /** FNV-1a (Fowler, Noll & Vo), 32 bits at a time. */
  private hashOf(row: number): number {
    const { data, cols } = this.matrix;
    const bits = new Int32Array(data.buffer, data.byteOffset + 4 * row * cols, cols);
    let hash = 0x811c9dc5 | 0;
    for (const word of bits) {
      hash = Math.imul(hash ^ (word === MINUS_ZERO ? 0 : word), 0x01000193);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  private areEqual(a: number, b: number): boolean {
    const { data, cols } = this.matrix;
    for (let c = 0; c < cols; c++) if (data[a * cols + c] !== data[b * cols + c]) return false;
    return true;
  }
}
