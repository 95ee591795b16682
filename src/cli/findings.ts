import type { HeatmapOrder } from "../charts/order";
import type { Engine, RunOptions } from "../engine/client";
import { lacksColumns, withColumns } from "../export";
import type { Job, Vectors } from "../protocol/engine";
import type { RunResult, SimilarityMatrix } from "../protocol/result";

/** The most items whose whole matrix is made: 4 GB in their file, half of that in memory. */
export const MATRIX_LIMIT = 32_000;

interface FindingsParts {
  run: Job;
  job: Job;
  result: RunResult;
  /** Of a heatmap. */
  order?: HeatmapOrder;
  engine: Engine;
  options: RunOptions;
}

/** A run's result and what its outputs need besides, fetched from the engine once and only when asked for. */
export class Findings {
  readonly job: Job;
  readonly result: RunResult;
  readonly order: HeatmapOrder;
  private whole: Promise<RunResult> | undefined;
  private fullTexts: Promise<string[] | null> | undefined;

  /** @param parts.run the job that gave the result: of `job`, what the command needs */
  constructor(private readonly parts: FindingsParts) {
    this.job = parts.job;
    this.result = parts.result;
    this.order = parts.order ?? "given";
  }

  /** The whole text of each item; null for pictures, and ready vectors without texts. */
  texts(): Promise<string[] | null> {
    this.fullTexts ??= this.readTexts();
    return this.fullTexts;
  }

  private async readTexts(): Promise<string[] | null> {
    const { source, kind } = this.result.items;
    if (kind === "image") return null;
    const texts = await this.parts.engine.texts(this.parts.run, source, Number.MAX_SAFE_INTEGER);
    return kind === "vector" && texts.every((text) => text === "") ? null : texts;
  }

  /** The result with all that its dataset says of the items. */
  withDataset(): Promise<RunResult> {
    this.whole ??= this.readDataset();
    return this.whole;
  }

  private async readDataset(): Promise<RunResult> {
    const { engine, run, result, options } = this.parts;
    if (!lacksColumns(result)) return result;
    return withColumns(result, await engine.columns(run, result.items.source, options));
  }

  vectors(): Promise<Vectors> {
    return this.parts.engine.vectors(this.parts.run, this.parts.options);
  }

  /** Similarities of all items, or of a seeded sample of `limit`. */
  matrix(limit: number): Promise<SimilarityMatrix> {
    return this.parts.engine.matrix(this.parts.run, limit, this.parts.options);
  }

  /** The order of the same matrix in which neighbours are most alike. */
  leaves(limit: number): Promise<Int32Array> {
    return this.parts.engine.order(this.parts.run, limit, this.parts.options);
  }

  /** A picture as a data URL that fits `size` pixels square; null when there is none. */
  async thumbnail(index: number, size: number): Promise<string | null> {
    this.parts.options.signal?.throwIfAborted();
    const picture = await this.parts.engine
      .thumbnail(this.parts.run, this.result.items.source[index] ?? -1, size)
      .catch(() => null);
    return picture && `data:${picture.type};base64,${Buffer.from(picture.bytes).toString("base64")}`;
  }
}
