import { findingsJson } from "../export";
import { LensError } from "../protocol/errors";
import { asked, type Answer, type Asking } from "./asking";

const NEARLY_THE_SAME = 0.95;

/** What is worth a second look: near-duplicates, outliers and doubtful labels. */
export async function findingsAnswer(asking: Asking): Promise<Answer> {
  const { engine, given, options } = asking;
  const { job, result, texts } = await asked(asking);
  const found = await engine.anomalies(job, Number(given.threshold ?? NEARLY_THE_SAME), options);
  if (!found) throw new LensError("internal", "The vectors were lost before they were looked at. Try again.");
  return { json: () => findingsJson(result, found, texts) };
}
