import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import type { PanelComparison } from "../protocol/compare";
import { canonicalJson, type Recipe } from "../protocol/recipe";
import type { RunResult, SimilarityMatrix } from "../protocol/result";

/** Changes when the stored form does; files of another form are not read. */
const FORM = 2;
const MAX_FILES = 60;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Results of panels on disk, under the hash of their recipe: coordinates, labels and paths, never texts or vectors.
 * What was not used for longest goes first when there is too much. A file that cannot be read counts as absent.
 */
export class ResultStore {
  constructor(private readonly folder: string) {}

  saveResult(recipe: Recipe, base: string, result: RunResult): Promise<void> {
    return this.#write(this.#file(recipe, base, "result"), result);
  }

  saveMatrix(recipe: Recipe, base: string, matrix: SimilarityMatrix): Promise<void> {
    return this.#write(this.#file(recipe, base, "matrix"), matrix);
  }

  async loadResult(recipe: Recipe, base: string): Promise<RunResult | null> {
    return (await this.#read(this.#file(recipe, base, "result"))) as RunResult | null;
  }

  async loadMatrix(recipe: Recipe, base: string): Promise<SimilarityMatrix | null> {
    return (await this.#read(this.#file(recipe, base, "matrix"))) as SimilarityMatrix | null;
  }

  saveComparison(recipe: Recipe, base: string, model: string, comparison: PanelComparison): Promise<void> {
    return this.#write(this.#file(recipe, base, "comparison", model), comparison);
  }

  async loadComparison(recipe: Recipe, base: string, model: string): Promise<PanelComparison | null> {
    return (await this.#read(this.#file(recipe, base, "comparison", model))) as PanelComparison | null;
  }

  /** @param model the second one of a comparison */
  #file(recipe: Recipe, base: string, kind: "result" | "matrix" | "comparison", model?: string): string {
    const hash = createHash("sha256").update(canonicalJson({ recipe, base, model })).digest("hex").slice(0, 32);
    return path.join(this.folder, `${hash}.${kind}`);
  }

  async #write(file: string, value: object): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const partial = `${file}.${process.pid}.partial`;
    await writeFile(partial, serialize({ form: FORM, value }));
    await rename(partial, file);
    await this.#prune();
  }

  async #read(file: string): Promise<unknown> {
    try {
      const stored = deserialize(await readFile(file)) as { form?: unknown; value?: unknown };
      if (stored.form !== FORM) return null;
      const now = new Date();
      await utimes(file, now, now);
      return stored.value ?? null;
    } catch {
      return null;
    }
  }

  async #prune(): Promise<void> {
    const names = await readdir(this.folder);
    const files = await Promise.all(
      names.map(async (name) => {
        const file = path.join(this.folder, name);
        const info = await stat(file).catch(() => null);
        return { file, bytes: info?.size ?? 0, used: info?.mtimeMs ?? 0 };
      }),
    );
    files.sort((a, b) => b.used - a.used);
    let bytes = 0;
    for (const [i, entry] of files.entries()) {
      bytes += entry.bytes;
      if (i > 0 && (i >= MAX_FILES || bytes > MAX_BYTES)) await rm(entry.file, { force: true });
    }
  }
}
