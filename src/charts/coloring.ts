import type { RunResult } from "../protocol/result";
import { fieldOf, type CategoryField, type NumberField } from "./fields";
import type { Ramp } from "./palette";
import { shareOf, nameOf, ticksOf, valueAt, type Tick } from "./scale";

/** What the colours of a map stand for: a field of the result, or nothing. */
export const COLOR_BY = [
  "label",
  "cluster",
  "trust",
  "trustworthiness",
  "continuity",
  "correlation",
  "overlap",
  "none",
] as const;
export type ColorBy = (typeof COLOR_BY)[number] | `meta:${string}`;

export const isColorBy = (value: unknown): value is ColorBy =>
  typeof value === "string" && (COLOR_BY.some((known) => known === value) || value.startsWith("meta:"));

/** One colour of the map and its legend. */
export interface Category {
  /** A label of the data or of a cluster: untrusted text. */
  name: string;
  /** Those without a name are grey and stand last; "step": a part of a scale; "out": what a filter leaves out, in no legend. */
  kind: "named" | "none" | "noise" | "other" | "step" | "out";
  /** Items of this category, drawn or not, that no filter leaves out. */
  count: number;
  /** All of its items; absent: `count`. */
  of?: number;
  /** Where its colour comes from, other than from the palette of names. */
  ramp?: { name: Ramp; share: number };
  /** The values of the field that an "other" stands for. */
  values?: readonly string[];
}

export interface Coloring {
  /** (count) index into `categories`. */
  column: Int32Array;
  categories: Category[];
  colorTitle: string | null;
  /** Where colours are a scale: its places with names. */
  scaleTicks?: Tick[];
}

/** Values that have a colour and shape of their own. */
export const MOST_NAMED = 60;
/** Parts that a scale is drawn in. */
const PARTS = 40;

/** The colours that fit a result best when nobody has chosen: a label that all items have tells nothing. */
export function defaultColorBy({ items: { labels, label }, cluster }: RunResult): ColorBy {
  if (labels.length > 1 || (labels.length === 1 && label.includes(-1))) return "label";
  return cluster.length > 0 ? "cluster" : "none";
}

/**
 * The category of every item. Values stand in the order of their field; of more than 60 the most frequent have names.
 * @param kept (count) 0 for the items that a filter leaves out; null for none: these become the last category
 */
export function coloring(result: RunResult, colorBy: ColorBy, kept: Uint8Array | null = null): Coloring {
  const field = fieldOf(result, colorBy);
  const made = !field
    ? { column: new Int32Array(result.items.count), categories: [], colorTitle: null }
    : field.kind === "category"
      ? byName(field)
      : byScale(field);
  return kept ? without(made, kept) : made;
}

function byName({ values, code, none, title, ordered }: CategoryField): Coloring {
  const counts = new Int32Array(values.length);
  let empty = 0;
  let rest = 0;
  for (const one of code) {
    if (one >= 0) counts[one]!++;
    else if (one === -1) empty++;
    else rest++;
  }
  const named =
    values.length <= MOST_NAMED
      ? Array.from(values.keys())
      : Array.from(values.keys())
          .sort((a, b) => counts[b]! - counts[a]! || a - b)
          .slice(0, MOST_NAMED)
          .sort((a, b) => a - b);
  const categories: Category[] = named.map((from, at) => ({
    name: values[from]!,
    kind: "named",
    count: counts[from]!,
    ...(ordered && { ramp: { name: "sequential" as const, share: named.length > 1 ? at / (named.length - 1) : 1 } }),
  }));
  const to = new Int32Array(values.length).fill(-1);
  named.forEach((from, at) => (to[from] = at));
  const others = values.filter((_, i) => to[i] === -1);
  for (let i = 0; i < values.length; i++) if (to[i] === -1) rest += counts[i]!;
  const emptyAt = empty > 0 ? categories.push({ ...none, count: empty }) - 1 : -1;
  const otherAt = rest > 0 ? categories.push({ name: "(other)", kind: "other", count: rest, values: others }) - 1 : -1;
  const column = code.map((one) => (one === -1 ? emptyAt : one < 0 || to[one] === -1 ? otherAt : to[one]!));
  return { column, categories, colorTitle: title };
}

/** Fields that are shares of ten neighbours. */
const isShare = (id: string): boolean => id === "trust" || id === "overlap";

function byScale(field: NumberField): Coloring {
  const { id, value, scale, title } = field;
  const ramp: Ramp = isShare(id) || scale.kind === "diverging" ? "diverging" : "sequential";
  const { parts, partOf } = partsOf(field);
  const categories = parts.map(({ name, share }): Category => ({
    ...{ name, kind: "step", count: 0 },
    ramp: { name: ramp, share },
  }));
  const column = new Int32Array(value.length);
  const none = id === "overlap" ? "(of one model only)" : "(empty)";
  let empty = -1;
  for (let i = 0; i < value.length; i++) {
    const part = partOf(value[i]!);
    if (Number.isNaN(part) && empty < 0) empty = categories.push({ name: none, kind: "none", count: 0 }) - 1;
    column[i] = Number.isNaN(part) ? empty : part;
    categories[column[i]!]!.count++;
  }
  const ticks = ticksOf(scale);
  const named = isShare(id) ? ticks.map((tick) => ({ ...tick, label: `${100 * tick.share} %` })) : ticks;
  return { column, categories, colorTitle: title, scaleTicks: named };
}

/** The parts of a scale: their names, their places on it, and in which one a value is (NaN for no value). */
function partsOf({ id, scale }: NumberField): {
  parts: { name: string; share: number }[];
  partOf: (value: number) => number;
} {
  const { low, high } = scale;
  if (scale.kind === "linear" && scale.whole) {
    // As many whole numbers in each part, so that none is empty for lying between two of them.
    const width = Math.ceil((high - low + 1) / (PARTS + 1));
    const parts = Array.from({ length: Math.floor((high - low) / width) + 1 }, (_, part) => {
      const first = low + part * width;
      const last = Math.min(high, first + width - 1);
      const name = nameOf(scale, first) + (last > first ? `\u2013${nameOf(scale, last)}` : "");
      return { name, share: shareOf(scale, (first + last) / 2) };
    });
    return { parts, partOf: (value) => (Number.isFinite(value) ? Math.floor((value - low) / width) : NaN) };
  }
  // Shares of ten neighbours: every one has a colour of its own.
  const count = isShare(id) ? 10 : PARTS;
  const parts = Array.from({ length: count + 1 }, (_, part) => {
    const at = valueAt(scale, part / count);
    return { name: isShare(id) ? `${Math.round(100 * at)} %` : nameOf(scale, at), share: part / count };
  });
  return { parts, partOf: (value) => Math.round(shareOf(scale, value) * count) };
}

/** What is left out has a category of its own; counts are of what stays. */
function without({ column, categories, ...rest }: Coloring, kept: Uint8Array): Coloring {
  const counts = new Int32Array(categories.length);
  // A map of one colour gets a name for it.
  const shown: Category[] = categories.length > 0 ? categories : [{ name: "", kind: "named", count: 0 }];
  const out = shown.length;
  const filtered = column.map((at, i) => {
    if (kept[i] === 0) return out;
    counts[at]!++;
    return at;
  });
  const counted = shown.map((one, at) => ({ ...one, count: counts[at] ?? 0, of: one.count }));
  return { ...rest, column: filtered, categories: [...counted, { name: "", kind: "out", count: 0 }] };
}
