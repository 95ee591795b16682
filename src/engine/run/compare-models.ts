import type { Job, Vectors } from "../../protocol/engine";
import { whyOneModel } from "../../protocol/compare";
import type { Comparison } from "../../protocol/explore";
import { LensError } from "../../protocol/errors";
import type { RunResult } from "../../protocol/result";
import type { Pool } from "../pool";
import type { RunContext } from "./context";
import type { Matrix, NeighborGraph } from "../types";

/** What a comparison needs of a pipeline. */
interface Runs {
  run(job: Job, ctx: RunContext): Promise<RunResult>;
  vectors(job: Job, ctx: RunContext): Promise<Vectors>;
  /** The nearest neighbours of each item, k or more. */
  graph(job: Job, k: number, ctx: RunContext): Promise<NeighborGraph>;
}

/**
 * Runs a job with a second model and compares what the two see in the items that both could embed.
 * @param model the second model
 * @param k neighbours that are compared
 * @throws LensError "model" when items depend on the model, or as a run
 */
export async function compareRuns(
  runs: Runs,
  pool: Pool,
  job: Job,
  { model, k }: { model: string; k: number },
  ctx: RunContext,
): Promise<Comparison> {
  const { recipe } = job;
  refuse(whyOneModel(recipe.source, null));
  // Nobody sees the second model's clusters, nor how far its map can be trusted.
  const other = { ...job, recipe: { ...recipe, model, cluster: { ...recipe.cluster, method: "none" as const } } };
  const a = await runs.run(job, { ...ctx, keepStopped: true });
  refuse(whyOneModel(recipe.source, a));
  const b = await runs.run(other, { ...ctx, unmeasured: true });
  const [index, inOther] = common(a.items.source, b.items.source);
  if (index.length === 0) throw new LensError("model", "The two models have no item in common.");
  // What was found for the maps serves again where no item is left out.
  const whole = index.length === a.items.count && index.length === b.items.count;
  const rows = async (of: Job, chosen: Int32Array): Promise<Matrix> => gather(await runs.vectors(of, ctx), chosen);
  const { signal } = ctx;
  const compared = await pool.exec(
    "compare",
    {
      vectors: whole
        ? [await runs.graph(job, k, ctx), await runs.graph(other, k, ctx)]
        : [await rows(job, index), await rows(other, inOther)],
      maps: [axesOf(a, index), axesOf(b, inOther)],
      metric: job.recipe.metric,
      k,
    },
    { signal, report: (done, total) => ctx.onProgress({ stage: "neighbors", done, total }) },
  );
  return { result: a, other: b, index, inOther, ...compared };
}

function refuse(why: string | null): void {
  if (why !== null) throw new LensError("model", why);
}

/** Positions in both lists of the items that both have; the lists are ascending. */
function common(a: Int32Array, b: Int32Array): [Int32Array, Int32Array] {
  const places = new Map(Array.from(b, (source, at) => [source, at]));
  const both = Array.from(a.keys()).filter((at) => places.has(a[at]!));
  return [Int32Array.from(both), Int32Array.from(both, (at) => places.get(a[at]!)!)];
}

function gather({ cols, data }: Vectors, index: Int32Array): Matrix {
  const out = new Float32Array(index.length * cols);
  index.forEach((from, row) => out.set(data.subarray(from * cols, (from + 1) * cols), row * cols));
  return { rows: index.length, cols, data: out };
}

/** Ready coordinates are no model's. */
const axesOf = ({ x, y, z, given, recipe }: RunResult, index: Int32Array): Float32Array[] =>
  x.length === 0 || (given && recipe.reduce.method === "none")
    ? []
    : [x, y, ...(z ? [z] : [])].map((axis) => Float32Array.from(index, (i) => axis[i]!));
