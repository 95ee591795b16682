import { LensError } from "../../protocol/errors";
import type { Metric } from "../../protocol/recipe";
import type { Skipped } from "../../protocol/result";
import { gatherShared } from "../analyze/gather";
import { leftOut, type Embedded } from "../embed-items";
import { SKIPPED_LIMIT, unlistedWarning } from "../items/limits";
import { dotAt } from "../linear/vectors";
import type { ItemSet, Matrix } from "../types";

/** What was made of some vectors, by whether zeros are places. */
const made = new WeakMap<Embedded, Map<boolean, Embedded>>();

/**
 * Items without those whose vector is too short to be compared. By Euclidean distance zeros are a place like others; for the other
 * metrics they have no direction.
 * @throws LensError "source" when none is left
 */
export function withoutShort(all: Embedded, metric: Metric): Embedded {
  const known = made.get(all) ?? new Map<boolean, Embedded>();
  made.set(all, known);
  const isPlace = metric === "euclidean";
  const own = known.get(isPlace) ?? without(all, shortRows(all, isPlace));
  known.set(isPlace, own);
  return own;
}

function without(all: Embedded, short: ReadonlySet<number>): Embedded {
  if (short.size === 0) return all;
  const { items, matrix } = all;
  const kept = all.source.filter((i) => !short.has(i));
  const failed = Array.from(short, (i) => leftOut(items.items[i]!, reasonOf(lengthOf(matrix, i))));
  if (kept.length === 0) throw new LensError("source", nothing([...items.skipped, ...failed]));
  const room = Math.max(0, SKIPPED_LIMIT - items.skipped.length);
  const unlisted = failed.length - room;
  return {
    ...all,
    items: {
      ...items,
      items: Array.from(kept, (i) => items.items[i]!),
      skipped: inOrder([...items.skipped, ...failed.slice(0, room)], items),
      warnings: [...items.warnings, ...(unlisted > 0 ? [unlistedWarning(unlisted)] : [])],
    },
    source: kept,
    matrix: gatherShared(matrix, kept),
  };
}

const shortRows = ({ items: { short = [] }, matrix }: Embedded, isPlace: boolean): Set<number> =>
  new Set(short.filter((i) => !isPlace || lengthOf(matrix, i) > 0));

const lengthOf = ({ data, cols }: Matrix, row: number): number =>
  Math.sqrt(dotAt(data, row * cols, data, row * cols, cols));

const reasonOf = (length: number): string =>
  length === 0
    ? "its vector is zero, which has no direction: by Euclidean distance it is a place like others"
    : "its vector is too short to be compared (less than 1e-17): scale the values";

/** Files as the items have them, rows ascending. */
function inOrder(skipped: readonly Skipped[], { items }: ItemSet): Skipped[] {
  const files = [...new Set([...items, ...skipped].map(({ path }) => path))];
  return [...skipped].sort((p, q) => files.indexOf(p.path) - files.indexOf(q.path) || (p.place ?? 0) - (q.place ?? 0));
}

function nothing([first, ...others]: readonly Skipped[]): string {
  const { path, place, reason } = first!;
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  return `No row can be shown. The first, ${path}${place === undefined ? "" : ` row ${place}`}: ${reason}${more}.`;
}
