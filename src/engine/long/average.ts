import type { LocalModel } from "../../protocol/engine";
import { textSideOf } from "../../protocol/models";
import type { Skipped } from "../../protocol/result";
import { averagePassages } from "../embed/average-passages";
import { toUnitLength } from "../embed/pooling";
import type { Embedded } from "../embed-items";
import type { ExecOptions, Pool } from "../pool";
import type { Item, ItemSet } from "../types";
import { divide, type Divided } from "./divide";

/**
 * Embeds texts of any length: the vector of one that is longer than the model's window is the mean of its passages', each
 * weighted by its length.
 * @param embed embeds the passages
 * @throws LensError as `divide` and `embed`
 */
export async function embedAveraged(
  set: ItemSet,
  model: LocalModel,
  pool: Pool,
  options: ExecOptions,
  embed: (set: ItemSet) => Promise<Embedded>,
): Promise<Embedded> {
  const divided = await divide(set, model, "average", pool, options.signal ? { signal: options.signal } : {});
  if (divided.long === 0) return embed(set);
  const embedded = await embed({ ...set, items: divided.items });
  const card = textSideOf(model.card) ?? model.card;
  return averaged(set, divided, embedded, card.normalize);
}

/** One vector for each text of which a passage has one; the others are left out with the reason of their first passage. */
function averaged(set: ItemSet, { items, of, long }: Divided, parts: Embedded, normalize: boolean): Embedded {
  const { cols, data } = parts.matrix;
  const rowOf = new Int32Array(set.items.length).fill(-1);
  const source: number[] = [];
  const text = Int32Array.from(parts.source, (part) => {
    const at = of[part]!;
    if (rowOf[at] === -1) rowOf[at] = source.push(at) - 1;
    return rowOf[at]!;
  });
  const length = Float64Array.from(parts.source, (part) => Math.max(1, items[part]!.text?.length ?? 0));
  const means = averagePassages(data, cols, text, length, source.length);
  const shared = new Float32Array(new SharedArrayBuffer(means.byteLength));
  shared.set(means);
  if (normalize)
    for (let row = 0; row < source.length; row++) toUnitLength(shared.subarray(row * cols, (row + 1) * cols));
  const count = (n: number): string => n.toLocaleString("en-US");
  const lost = reasonsOf(parts, items.length, set.skipped.length);
  const skipped = set.items.flatMap((item, at) => (rowOf[at] === -1 ? [leftOut(item, lost.get(of.indexOf(at)))] : []));
  const partly = [...lost.keys()].filter((part) => rowOf[of[part]!] !== -1).length;
  return {
    items: {
      ...set,
      items: source.map((at) => set.items[at]!),
      skipped: [...set.skipped, ...skipped],
      notes: [
        ...(set.notes ?? []),
        `${count(long)} of ${count(set.items.length)} texts are longer than the model's window: each is the mean of its ` +
          `passages, ${count(items.length)} in all.`,
      ],
      warnings: [
        ...parts.items.warnings,
        ...(partly > 0 ? [`${count(partly)} passages have no vector and do not count in the mean of their text.`] : []),
      ],
    },
    source: Int32Array.from(source),
    matrix: { rows: source.length, cols, data: shared },
    model: parts.model,
    truncated: parts.truncated,
  };
}

/** Why passages have no vector, by their position: what was left out stands in the order of the items. */
function reasonsOf({ source, items }: Embedded, count: number, before: number): Map<number, string> {
  const there = new Set(source);
  const missing = Array.from({ length: count }, (_, part) => part).filter((part) => !there.has(part));
  return new Map(missing.map((part, i) => [part, items.skipped[before + i]?.reason ?? UNKNOWN]));
}

const UNKNOWN = "it could not be embedded";

function leftOut(item: Item, reason = UNKNOWN): Skipped {
  const place = item.row ?? item.line;
  return { path: item.path, ...(place !== undefined && { place }), reason };
}
