import type { LocalModel } from "../../protocol/engine";
import { textSideOf } from "../../protocol/models";
import type { LongTexts } from "../../protocol/recipe";
import type { Passage } from "../items/passages";
import type { ExecOptions, Pool } from "../pool";
import type { Item, ItemSet } from "../types";
import { passageTokens } from "./window";

/** Texts that a thread divides at once. */
const AT_ONCE = 32;

/** Items of which each is a passage of a text, or a text that fits. */
export interface Divided {
  items: Item[];
  /** (items) the text that each is a part of. */
  of: Int32Array;
  /** Texts that were divided. */
  long: number;
}

/**
 * Divides the texts that are longer than the model's window into overlapping passages.
 * @param pool counts tokens in its threads
 * @throws LensError "model" when the model's tokenizer cannot be read
 */
export async function divide(
  set: ItemSet,
  model: LocalModel,
  how: LongTexts,
  pool: Pool,
  { signal, report }: ExecOptions,
): Promise<Divided> {
  const { items } = set;
  const passages: (Passage[] | null)[] = new Array<null>(items.length).fill(null);
  if (passageTokens(textSideOf(model.card) ?? model.card, how) !== null) {
    let done = 0;
    const starts = Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, i) => i * AT_ONCE);
    await Promise.all(
      starts.map(async (from) => {
        const texts = items.slice(from, from + AT_ONCE).map(({ text = "" }) => text);
        const found = await pool.exec("passages", { model, texts, long: how }, signal ? { signal } : {});
        found.forEach((one, i) => (passages[from + i] = one));
        report?.((done += texts.length), items.length);
      }),
    );
  }
  const parts = items.flatMap((item, at) => partsOf(item, passages[at]!).map((part) => ({ part, at })));
  return {
    items: parts.map(({ part }) => part),
    of: Int32Array.from(parts, ({ at }) => at),
    long: passages.reduce((sum, one) => sum + Number(one !== null), 0),
  };
}

/** The passages of an item as items: at their lines, and with ids of their own where the item has one. */
function partsOf(item: Item, passages: Passage[] | null): Item[] {
  if (passages === null) return [item];
  return passages.map(({ text, line }, i) => ({
    ...item,
    text,
    ...(item.id !== undefined && { id: `${item.id}#${i + 1}` }),
    // The lines of a cell are not those of its file.
    ...(item.row === undefined && { line: (item.line ?? 1) + line - 1 }),
  }));
}
