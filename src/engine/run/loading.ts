import type { Job } from "../../protocol/engine";
import { splits } from "../long/split";

/** What reads a job's source. */
export const sourceOf = ({ recipe, base, documents }: Job) => ({
  source: recipe.source,
  base,
  ...(documents ? { documents } : {}),
});

/** What loads a job's items. A sample of passages is drawn when the texts have been split. */
export function loadingOf(job: Job) {
  const { sample, ...source } = job.recipe.source;
  const all = { ...sourceOf(job), seed: job.recipe.seed };
  return splits(source) && sample !== undefined ? { ...all, source } : all;
}
