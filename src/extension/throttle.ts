/** Passes on at most one value per `interval` ms: the first at once, then the latest. */
export class Throttle<T> {
  #timer: ReturnType<typeof setTimeout> | null = null;
  #waiting: { value: T } | null = null;

  constructor(
    private readonly interval: number,
    private readonly pass: (value: T) => void,
  ) {}

  push(value: T): void {
    if (this.#timer) {
      this.#waiting = { value };
      return;
    }
    this.pass(value);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const waiting = this.#waiting;
      this.#waiting = null;
      if (waiting) this.push(waiting.value);
    }, this.interval);
  }

  /** Forgets what has not been passed on. */
  clear(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = null;
  }
}
