/** Keeps what stages gave, by a key that names all they depended on. The least recently used goes first. */
export class StageCache {
  private readonly kept = new Map<string, { value: unknown; bytes: number }>();
  private bytes = 0;

  /** @param limit bytes to keep; the newest output stays even when it is larger */
  constructor(private readonly limit: number) {}

  get<T>(key: string): T | undefined {
    const hit = this.kept.get(key);
    if (!hit) return undefined;
    this.kept.delete(key);
    this.kept.set(key, hit);
    return hit.value as T;
  }

  set(key: string, value: unknown): void {
    this.delete(key);
    const bytes = sizeOf(value);
    this.kept.set(key, { value, bytes });
    this.bytes += bytes;
    for (const oldest of this.kept.keys()) {
      if (this.bytes <= this.limit || oldest === key) break;
      this.delete(oldest);
    }
  }

  private delete(key: string): void {
    const hit = this.kept.get(key);
    if (!hit) return;
    this.kept.delete(key);
    this.bytes -= hit.bytes;
  }
}

/** A rough size in bytes: exact for typed arrays, an estimate for the rest. */
function sizeOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === "string") return 2 * value.length + 16;
  if (Array.isArray(value)) {
    const first = value.slice(0, 100);
    const average = first.reduce<number>((sum, element) => sum + sizeOf(element), 0) / Math.max(1, first.length);
    return 16 + average * value.length;
  }
  if (typeof value === "object" && value !== null) {
    return Object.values(value).reduce<number>((sum, field) => sum + sizeOf(field), 32);
  }
  return 8;
}
