import type { ScoreKernels, SimdMemory } from "../simd/simd";

/**
 * For each of `rows` items the `size` smallest values seen. Values that may belong are only appended; when an item's list
 * is full, its larger half is dropped: cheaper than keeping hundreds of values in order.
 */
export class BestLists {
  /** (rows) a value below it may enter the item's list. */
  readonly limit: Float32Array;
  private readonly count: Int32Array;
  private readonly capacity: number;
  private readonly index: Int32Array;
  private readonly value: Float32Array;
  private readonly scratch: Float32Array;
  private isDistinct = false;
  private kernels: ScoreKernels | null = null;

  /** @param memory what the lists are in, for `fillBy`; see `bytesOf` */
  constructor(
    rows: number,
    private readonly size: number,
    memory?: SimdMemory,
  ) {
    const capacity = capacityOf(size);
    this.capacity = capacity;
    this.index = memory?.int32(rows * capacity) ?? new Int32Array(rows * capacity);
    this.value = memory?.float32(rows * capacity) ?? new Float32Array(rows * capacity);
    this.scratch = memory?.float32(capacity) ?? new Float32Array(capacity);
    this.count = memory?.int32(rows) ?? new Int32Array(rows);
    this.limit = memory?.float32(rows) ?? new Float32Array(rows);
    this.clear();
  }

  /** Bytes of memory that lists take. */
  static bytesOf(rows: number, size: number): number {
    return 8 * (rows + 1) * (capacityOf(size) + 1) + 80;
  }

  /**
   * Lets kernels of the same memory add to these lists.
   * @param half (rows) in the same memory, as in `Scored`
   */
  fillBy(kernels: ScoreKernels, half: Float32Array): void {
    const { size, capacity, limit, count, index, value, scratch } = this;
    const [halves, limits, counts, indices, values, spare] = [half, limit, count, index, value, scratch].map(
      ({ byteOffset }) => byteOffset,
    ) as [number, number, number, number, number, number];
    this.kernels = kernels;
    kernels.lists(size, capacity, halves, limits, counts, indices, values, spare);
  }

  /** From now on an item that stands in a list already is refused: needed once a pair may be offered twice. */
  refuseTwice(): void {
    this.isDistinct = true;
    this.kernels?.refuseTwice();
  }

  clear(): void {
    this.limit.fill(this.size > 0 ? Infinity : -Infinity);
    this.count.fill(0);
  }

  /** Call only with `value < limit[row]`. */
  add(row: number, index: number, value: number): void {
    if (this.isDistinct && this.holds(row, index)) return;
    if (this.count[row] === this.capacity) {
      this.shrink(row);
      if (!(value < this.limit[row]!)) return;
    }
    const at = row * this.capacity + this.count[row]!++;
    this.index[at] = index;
    this.value[at] = value;
  }

  /** The values of a row's list, at most `size`, with their items, as views in no order; among equals the earlier seen. */
  of(row: number): { index: Int32Array; value: Float32Array } {
    if (this.count[row]! > this.size) this.shrink(row);
    const from = row * this.capacity;
    const to = from + this.count[row]!;
    return { index: this.index.subarray(from, to), value: this.value.subarray(from, to) };
  }

  /**
   * The items of the `most` smallest values of a row's list, in no order.
   * @param into receives them from `at` on
   * @returns how many they are
   */
  nearest(row: number, most: number, into: Int32Array, at: number): number {
    const { index, value } = this.of(row);
    if (index.length <= most) {
      into.set(index, at);
      return index.length;
    }
    this.scratch.set(value);
    const limit = smallest(this.scratch, value.length, most - 1);
    let equals = most;
    for (const here of value) if (here < limit) equals--;
    let count = 0;
    for (let i = 0; i < value.length; i++) {
      if (value[i]! > limit || (value[i] === limit && equals-- <= 0)) continue;
      into[at + count++] = index[i]!;
    }
    return count;
  }

  private holds(row: number, item: number): boolean {
    const from = row * this.capacity;
    for (let at = from; at < from + this.count[row]!; at++) if (this.index[at] === item) return true;
    return false;
  }

  private shrink(row: number): void {
    const { size, capacity, scratch, index, value } = this;
    const begin = row * capacity;
    const count = this.count[row]!;
    scratch.set(value.subarray(begin, begin + count));
    const limit = smallest(scratch, count, size - 1);
    let below = 0;
    for (let at = begin; at < begin + count; at++) if (value[at]! < limit) below++;
    let equals = size - below;
    let filled = begin;
    for (let at = begin; at < begin + count; at++) {
      const here = value[at]!;
      if (here > limit || (here === limit && equals-- <= 0)) continue;
      index[filled] = index[at]!;
      value[filled++] = here;
    }
    this.count[row] = filled - begin;
    this.limit[row] = limit;
  }
}

const capacityOf = (size: number): number => 2 * size + 8;

/** The value that stands at `place` when the first `count` numbers are in order (Hoare 1961); leaves them in some order. */
function smallest(values: Float32Array, count: number, place: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = values[place]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (pivot < values[j]!) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (j < place) low = i;
    if (place < i) high = j;
  }
  return values[place]!;
}
