import type { Random } from "../random";

/** Keeps all that is pushed, or a uniform sample of it without knowing how much will come (Vitter 1985, algorithm R). */
export class Reservoir<T> {
  private readonly kept: { at: number; value: T }[] = [];
  private count = 0;

  /** @param size the most values kept; absent: all */
  constructor(
    private readonly size: number | undefined,
    private readonly random: Random,
  ) {}

  /** How many were pushed. */
  get total(): number {
    return this.count;
  }

  /** `make` is only called for a value that is kept, at least for now. */
  push(make: () => T): void {
    const at = this.count++;
    if (this.size === undefined || at < this.size) {
      this.kept.push({ at, value: make() });
      return;
    }
    const slot = this.random.below(at + 1);
    if (slot < this.size) this.kept[slot] = { at, value: make() };
  }

  /** The values kept, in the order they came. */
  values(): T[] {
    return this.kept.sort((a, b) => a.at - b.at).map(({ value }) => value);
  }
}
