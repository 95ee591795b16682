import { networkCsv, networkJson } from "../export";
import { LensError } from "../protocol/errors";
import { asked, type Answer, type Asking } from "./asking";

const TIES = 4;

/** The items tied to their nearest, all of them. */
export async function networkAnswer(asking: Asking): Promise<Answer> {
  const { engine, given, options } = asking;
  const { job, result, texts } = await asked(asking);
  const settings = { k: Number(given.ties ?? TIES), threshold: Number(given.threshold ?? 0) };
  const found = await engine.network(job, settings, Number.MAX_SAFE_INTEGER, options);
  if (!found) throw new LensError("internal", "The vectors were lost before the network was made. Try again.");
  return { json: () => networkJson(result, found, texts), csv: () => networkCsv(result, found, texts) };
}
