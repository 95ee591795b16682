/** Orders points along the Morton curve of their bounding cube, so that every tree cell is a range. */
export class MortonOrder {
  /** (n) item at each place of the curve. */
  readonly order: Uint32Array;
  /** (n) code of each place, ascending: `bits` bits per axis, the first axis lowest. */
  readonly code: Uint32Array;
  /** Bits per axis. */
  readonly bits: number;
  /** Edge of the cube. */
  extent = 0;
  private readonly spareOrder: Uint32Array;
  private readonly spareCode: Uint32Array;
  private readonly counts = new Uint32Array(1 << 11);

  constructor(
    readonly count: number,
    private readonly dims: 2 | 3,
  ) {
    this.bits = dims === 2 ? 16 : 10;
    this.order = new Uint32Array(count);
    this.code = new Uint32Array(count);
    this.spareOrder = new Uint32Array(count);
    this.spareCode = new Uint32Array(count);
  }

  update(positions: Float64Array): void {
    const { count, dims, order, code } = this;
    const low = [Infinity, Infinity, Infinity];
    this.extent = 0;
    for (let d = 0; d < dims; d++) {
      let least = Infinity;
      let most = -Infinity;
      for (let at = d; at < positions.length; at += dims) {
        const value = positions[at]!;
        if (value < least) least = value;
        if (value > most) most = value;
      }
      low[d] = least;
      this.extent = Math.max(this.extent, most - least);
    }
    this.extent = this.extent > 0 ? this.extent * (1 + 1e-9) : 1;
    const scale = (1 << this.bits) / this.extent;
    const [lowX, lowY, lowZ] = low as [number, number, number];
    for (let i = 0; i < count; i++) {
      const x = ((positions[i * dims]! - lowX) * scale) | 0;
      const y = ((positions[i * dims + 1]! - lowY) * scale) | 0;
      order[i] = i;
      code[i] =
        dims === 2
          ? spread2(x) | (spread2(y) << 1)
          : spread3(x) | (spread3(y) << 1) | (spread3(((positions[i * 3 + 2]! - lowZ) * scale) | 0) << 2);
    }
    this.sort();
  }

  /** Stable radix sort by 11 bits; three passes leave the result in the spare arrays, a fourth brings it back. */
  private sort(): void {
    this.pass(0, this.code, this.order, this.spareCode, this.spareOrder);
    this.pass(11, this.spareCode, this.spareOrder, this.code, this.order);
    this.pass(22, this.code, this.order, this.spareCode, this.spareOrder);
    this.code.set(this.spareCode);
    this.order.set(this.spareOrder);
  }

  private pass(shift: number, code: Uint32Array, order: Uint32Array, toCode: Uint32Array, toOrder: Uint32Array): void {
    const { counts, count } = this;
    counts.fill(0);
    for (let i = 0; i < count; i++) counts[(code[i]! >>> shift) & 2047]!++;
    let sum = 0;
    for (let i = 0; i < counts.length; i++) {
      const size = counts[i]!;
      counts[i] = sum;
      sum += size;
    }
    for (let i = 0; i < count; i++) {
      const value = code[i]!;
      const at = counts[(value >>> shift) & 2047]!++;
      toCode[at] = value;
      toOrder[at] = order[i]!;
    }
  }
}

/** The low 16 bits of x, one free bit between each. */
function spread2(x: number): number {
  x = (x | (x << 8)) & 0x00ff00ff;
  x = (x | (x << 4)) & 0x0f0f0f0f;
  x = (x | (x << 2)) & 0x33333333;
  return (x | (x << 1)) & 0x55555555;
}

/** The low 10 bits of x, two free bits between each. */
function spread3(x: number): number {
  x = (x | (x << 16)) & 0x030000ff;
  x = (x | (x << 8)) & 0x0300f00f;
  x = (x | (x << 4)) & 0x030c30c3;
  return (x | (x << 2)) & 0x09249249;
}
