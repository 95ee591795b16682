import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { loadItems } from "../../src/engine/items/load";
import type { LoadOptions } from "../../src/engine/items/texts";
import type { Item, ItemSet, StageContext } from "../../src/engine/types";
import type { Source } from "../../src/protocol/recipe";

/** A temporary folder with these files, removed after the test. */
export function folderOf(t: TestContext, files: Record<string, string | Uint8Array>): string {
  const base = mkdtempSync(join(tmpdir(), "embedding-lens-test-"));
  t.after(() => rmSync(base, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), content);
  }
  return base;
}

export const quiet = (): StageContext => ({ report: () => undefined, signal: new AbortController().signal });

/** The items of a source in `base`. */
export const load = (
  base: string,
  source: Source,
  options: Partial<LoadOptions> = {},
  ctx: StageContext = quiet(),
): Promise<ItemSet> => loadItems(source, { base, seed: 42, ...options }, ctx);

/** The texts of the items of one file. */
export async function textsOf(base: string, kind: Source["kind"], path: string): Promise<(string | undefined)[]> {
  return (await load(base, { kind, paths: [path] })).items.map(({ text }) => text);
}

/** An item without the byte where it starts. */
export function withoutOffset(item: Item): Item {
  const { offset: _, ...rest } = item;
  return rest;
}
