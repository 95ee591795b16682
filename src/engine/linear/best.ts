/**
 * Keeps the `size` smallest values seen, ascending, the smaller index first among equals: a sorted array, since sizes are
 * small and most values fail the first comparison.
 */
export class Smallest {
  readonly index: Int32Array;
  readonly value: Float64Array;
  /** How many are held. */
  count = 0;
  /** A value below it enters; Infinity until the array is full. */
  limit = Infinity;

  constructor(readonly size: number) {
    this.index = new Int32Array(size);
    this.value = new Float64Array(size);
  }

  clear(): void {
    this.count = 0;
    this.limit = this.size > 0 ? Infinity : -Infinity;
  }

  /** The index of the largest value held. */
  get last(): number {
    return this.index[this.count - 1] ?? -1;
  }

  /** Call only with `value < limit`, or an equal one and a smaller index than the last. */
  add(index: number, value: number): void {
    let at = this.count < this.size ? this.count++ : this.size - 1;
    while (at > 0 && (this.value[at - 1]! > value || (this.value[at - 1] === value && this.index[at - 1]! > index))) {
      this.value[at] = this.value[at - 1]!;
      this.index[at] = this.index[at - 1]!;
      at--;
    }
    this.value[at] = value;
    this.index[at] = index;
    if (this.count === this.size) this.limit = this.value[this.size - 1]!;
  }
}
