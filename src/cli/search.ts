import { resultItem } from "../export";
import { LensError } from "../protocol/errors";
import { jsonAnswer, tell, textsOf, vectorsOnly, type Answer, type Asking } from "./asking";

const TOP = 10;

/** The items nearest to the words of --query, best first. */
export async function searchAnswer(asking: Asking): Promise<Answer> {
  const { engine, given, options } = asking;
  const job = vectorsOnly(asking.job);
  const result = await engine.run(job, options);
  tell(asking, result);
  const query = given.query!;
  const found = await engine.search(job, query, Number(given.top ?? TOP), options);
  if (!found) throw new LensError("internal", "The vectors were lost before the search. Try again.");
  const { hits, truncated } = found;
  if (truncated) asking.terminal.say("Warning: Only the beginning of the query was read.");
  const texts = await textsOf(
    asking,
    job,
    result,
    hits.map(({ index }) => index),
  );
  const { id, dims, tensor } = result.model;
  return jsonAnswer({
    version: 1,
    query,
    model: { id, dims, tensor },
    metric: job.recipe.metric,
    hits: hits.map(({ index, similarity }, i) => ({
      rank: i + 1,
      similarity,
      ...resultItem(result.items, index, texts[i]),
    })),
  });
}
