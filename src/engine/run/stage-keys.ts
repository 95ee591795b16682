import { createHash } from "node:crypto";
import type { Job } from "../../protocol/engine";
import { canonicalJson } from "../../protocol/recipe";
import { splits } from "../long/split";
import type { ItemSet } from "../types";

const digest = (value: unknown): string => createHash("sha256").update(canonicalJson(value)).digest("base64url");

/** The seed, where it chooses among the items: a dataset is sampled also when nobody asks for it. */
function seedOf({ recipe: { source, seed } }: Job): number | null {
  return source.sample !== undefined || source.kind === "rows" || source.kind === "vectors" ? seed : null;
}

/** All that the items depend on besides the files themselves. */
export const itemsKey = (job: Job): string =>
  `items ${digest([job.base, job.recipe.source, job.documents, seedOf(job)])}`;

/** The key of the items that have texts: passages depend on the model as well. */
export const textsKey = (job: Job): string =>
  splits(job.recipe.source) ? `${itemsKey(job)} passages ${job.recipe.model}` : itemsKey(job);

/** All that the vectors depend on besides the files themselves. */
export const vectorsKey = (job: Job): string => `${embeddingKey(job)} ${String(seedOf(job))}`;

/**
 * All that the vectors of known items depend on. Labels and ids say nothing about a vector (but where they decide about the sample):
 * other columns of them embed nothing again, nor does another seed that has drawn nothing.
 */
export function madeKey(job: Job, { items, total }: ItemSet): string {
  return `${embeddingKey(job)} ${items.length < total ? job.recipe.seed : "all"}`;
}

function embeddingKey({ base, documents, recipe: { source, model } }: Job): string {
  const columns = { ...source.columns, ...(source.stratify ? {} : { label: undefined }), id: undefined };
  return `vectors ${digest([base, { ...source, columns }, documents])} ${model}`;
}

/** The key of what the last run gave, whatever the state of the files since. */
export const latest = (key: string): string => `${key} latest`;
