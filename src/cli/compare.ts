import { resultItem } from "../export";
import type { RunResult } from "../protocol/result";
import { jsonAnswer, tell, textsOf, type Answer, type Asking } from "./asking";

const NEIGHBORS = 10;
const TOP = 10;

/** What two models see in the same items: the neighbours that both have, and the items that moved most. */
export async function compareAnswer(asking: Asking): Promise<Answer> {
  const { engine, job, given, options } = asking;
  const found = await engine.compare(job, given.with!, NEIGHBORS, options);
  const { result, other, index, k, overlap, mean, disparity, shift, moved } = found;
  tell(asking, result);
  const top = moved.slice(0, Number(given.top ?? TOP));
  const items = Array.from(top, (at) => index[at]!);
  const texts = await textsOf(asking, job, result, items);
  return jsonAnswer({
    version: 1,
    models: [result, other].map(modelOf),
    items: index.length,
    k,
    overlap: mean,
    disparity,
    moved: Array.from(top, (at, i) => ({
      rank: i + 1,
      overlap: overlap[at]!,
      ...(shift.length > 0 && { shift: shift[at]! }),
      ...resultItem(result.items, items[i]!, texts[i]),
    })),
  });
}

const modelOf = ({ model: { id, dims, tensor } }: RunResult): object => ({ id, dims, tensor });
