import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** The SHA-256 of each file; null for one that cannot be read. */
export async function hashes(files: readonly string[]): Promise<(Uint8Array | null)[]> {
  const found: (Uint8Array | null)[] = [];
  for (const file of files) {
    const bytes = await readFile(file).catch(() => null);
    found.push(bytes && new Uint8Array(createHash("sha256").update(bytes).digest()));
  }
  return found;
}
