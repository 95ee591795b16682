import type { LocalModel } from "../../protocol/engine";
import { textSideOf } from "../../protocol/models";
import type { Source } from "../../protocol/recipe";
import { gatherRows } from "../analyze/gather";
import { cellsOf } from "../columns";
import { baseName } from "../items/paths";
import type { ExecOptions, Pool } from "../pool";
import { createRandom, sampleIndices } from "../random";
import type { ItemSet } from "../types";
import { divide } from "./divide";
import { passageTokens } from "./window";

/** Whether the items of a source are passages, which depend on the model. */
export const splits = ({ long, kind }: Source): boolean => long === "split" && kind !== "images" && kind !== "vectors";

/**
 * Items of which each fits the model's window: a longer text becomes several, each at its line. Passages of several files
 * without labels are labelled by their file. A sample is drawn of the passages.
 * @throws LensError as `divide`
 */
export async function splitItems(
  set: ItemSet,
  model: LocalModel,
  { source, seed }: { source: Source; seed: number },
  pool: Pool,
  options: ExecOptions,
): Promise<ItemSet> {
  if (set.kind !== "text") return set;
  const divided = await divide(set, model, "split", pool, options);
  const chosen = sampleIndices(divided.items.length, source.sample ?? divided.items.length, createRandom(seed));
  const byFile = source.kind === "files" && set.items.length > 1 && set.items.every(({ label }) => label === null);
  const items = Array.from(chosen, (at) => {
    const item = divided.items[at]!;
    return {
      ...item,
      text: (item.text ?? "").trim(),
      ...(byFile && { label: baseName(item.path) }),
      ...(item.row === undefined && { line: item.line ?? 1 }),
    };
  });
  const card = textSideOf(model.card) ?? model.card;
  const window = (passageTokens(card, "split") ?? 0).toLocaleString("en-US");
  const count = (n: number): string => n.toLocaleString("en-US");
  const words =
    divided.long === 0
      ? []
      : [
          `${count(divided.long)} of ${count(set.items.length)} texts are longer than ${window} tokens and were split: ` +
            `${count(divided.items.length)} passages in all.`,
        ];
  const of = chosen.map((at) => divided.of[at]!);
  const meta = set.meta?.map((column) => cellsOf(column, of));
  const map = set.map && gatherRows(set.map, of);
  return {
    ...set,
    items,
    ...(meta && { meta }),
    ...(map && { map }),
    total: divided.items.length,
    notes: [...(set.notes ?? []), ...words],
  };
}
