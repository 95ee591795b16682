import type { PanelComparison } from "../protocol/compare";
import type { MetaColumn, RunResult } from "../protocol/result";
import { nameOf, numberScale, type NumberScale } from "./scale";
import { withMinus } from "./text";

/** What an item has besides its place: something to colour, size and filter by. */
export type Field = CategoryField | NumberField;

interface Named {
  /** "label", "cluster", "trust", "trustworthiness", "continuity", "correlation", "overlap", or "meta:" and the name of a column. */
  id: string;
  title: string;
}

export interface CategoryField extends Named {
  kind: "category";
  values: readonly string[];
  /** (count) index into `values`; -1 for none, -2 for one that is not in `values`. */
  code: Int32Array;
  /** What items without a value are called, and whether that means noise. */
  none: { name: string; kind: "none" | "noise" };
  /** The values follow each other: low, medium, high. */
  ordered: boolean;
}

export interface NumberField extends Named {
  kind: "number";
  /** (count) NaN for none. */
  value: Float64Array;
  scale: NumberScale;
}

/** Numbers of so few different whole values are steps. */
const MOST_STEPS = 12;

const known = new WeakMap<RunResult, Field[]>();
const overlaps = new WeakMap<RunResult, NumberField>();
/** Both are shares of neighbours. */
const SHARES = { kind: "linear", low: 0, high: 1 } as const;

/** Gives a result a field more, "overlap": the share of neighbours that a second model has as well; null takes it away. */
export function shareNeighbors(result: RunResult, compared: Pick<PanelComparison, "index" | "overlap"> | null): void {
  known.delete(result);
  if (!compared) return void overlaps.delete(result);
  const value = new Float64Array(result.items.count).fill(NaN);
  compared.index.forEach((item, at) => (value[item] = compared.overlap[at]!));
  overlaps.set(result, { id: "overlap", title: "Shared neighbours", kind: "number", value, scale: SHARES });
}

/** All fields of a result: its labels, its clusters, the trust of each point and the columns of its table. */
export function fieldsOf(result: RunResult): Field[] {
  let fields = known.get(result);
  if (!fields) known.set(result, (fields = [...own(result), ...(result.items.meta ?? []).flatMap(fieldOfColumn)]));
  return fields;
}

/** The field with this id; null when the result has none. */
export const fieldOf = (result: RunResult, id: string | null): Field | null =>
  fieldsOf(result).find((field) => field.id === id) ?? null;

/** What a field says of an item, in words; null for nothing. */
export function fieldWords(field: Field, at: number): string | null {
  if (field.kind === "category") return field.values[field.code[at]!] ?? null;
  return nameOf(field.scale, field.value[at]!) || null;
}

function own(result: RunResult): Field[] {
  const { items, cluster, clusters, quality } = result;
  const fields: Field[] = [];
  if (items.labels.length > 0) {
    const none = { name: "(no label)", kind: "none" } as const;
    fields.push({
      id: "label",
      title: "Label",
      kind: "category",
      values: items.labels,
      code: items.label,
      none,
      ordered: false,
    });
  }
  if (cluster.length > 0) {
    const names: string[] = [];
    for (const one of clusters) names[one.id] = one.label;
    const values = Array.from(names, (name: string | undefined, i) => name ?? `Cluster ${i + 1}`);
    const none = { name: "(noise)", kind: "noise" } as const;
    fields.push({ id: "cluster", title: "Cluster", kind: "category", values, code: cluster, none, ordered: false });
  }
  const { kept, trustworthiness, continuity, distanceCorrelation } = quality?.points ?? {};
  if (kept) {
    fields.push({
      id: "trust",
      title: "Neighbours kept",
      kind: "number",
      value: Float64Array.from(kept),
      scale: SHARES,
    });
  }
  for (const [id, title, values] of [
    ["trustworthiness", "Trustworthiness", trustworthiness],
    ["continuity", "Continuity", continuity],
    ["correlation", "Rank correlation", distanceCorrelation],
  ] as const) {
    // Most items are near 1: what differs is seen on a scale of the values that there are.
    const value = Float64Array.from(values ?? []);
    const scale = values ? numberScale(value, "number") : null;
    if (scale) fields.push({ id, title, kind: "number", value, scale });
  }
  const overlap = overlaps.get(result);
  if (overlap) fields.push(overlap);
  return fields;
}

function fieldOfColumn(column: MetaColumn): Field[] {
  const { name } = column;
  const id = `meta:${name}`;
  const none = { name: "(empty)", kind: "none" } as const;
  switch (column.kind) {
    case "text":
      return [];
    case "boolean":
      return [{ id, title: name, kind: "category", values: column.values, code: column.code, none, ordered: false }];
    case "category":
      return [{ id, title: name, kind: "category", ...inOrder(column.values, column.code), none }];
    case "number":
    case "date": {
      const steps = column.kind === "number" ? wholeSteps(column.value) : null;
      if (steps) {
        const code = Int32Array.from(column.value, (value) => (Number.isNaN(value) ? -1 : steps.indexOf(value)));
        return [
          {
            id,
            title: name,
            kind: "category",
            values: steps.map((step) => withMinus(String(step))),
            code,
            none,
            ordered: true,
          },
        ];
      }
      const scale = numberScale(column.value, column.kind);
      return scale ? [{ id, title: name, kind: "number", value: column.value, scale }] : [];
    }
  }
}

/** The different values, ascending, when all are whole and few; else null. */
function wholeSteps(values: Float64Array): number[] | null {
  const found = new Set<number>();
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value) || found.size > MOST_STEPS) return null;
    found.add(value);
  }
  return found.size > 1 && found.size <= MOST_STEPS ? [...found].sort((a, b) => a - b) : null;
}

const WORDS: readonly (readonly string[])[] = [
  ["very low", "low", "medium", "high", "very high"],
  ["none", "low", "moderate", "high", "critical"],
  ["xs", "s", "m", "l", "xl", "xxl"],
  ["tiny", "small", "medium", "large", "huge"],
  ["very bad", "bad", "poor", "fair", "good", "very good", "excellent"],
  ["negative", "neutral", "positive"],
  ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
  ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
  ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  [
    ["january", "february", "march", "april", "may", "june"],
    ["july", "august", "september", "october", "november", "december"],
  ].flat(),
];

/** Values that differ in a number alone ("Q1", "Q2"), or are words of a known order, stand in it. */
function inOrder(
  values: readonly string[],
  code: Int32Array,
): { values: readonly string[]; code: Int32Array; ordered: boolean } {
  const rank = ranks(values);
  if (!rank || values.length < 2) return { values, code, ordered: false };
  const order = Array.from(values.keys()).sort((a, b) => rank[a]! - rank[b]!);
  const to = new Int32Array(values.length);
  order.forEach((from, at) => (to[from] = at));
  return {
    values: order.map((from) => values[from]!),
    code: code.map((one) => (one < 0 ? one : to[one]!)),
    ordered: true,
  };
}

function ranks(values: readonly string[]): number[] | null {
  const low = values.map((value) => value.trim().toLowerCase());
  for (const words of WORDS) {
    const found = low.map((value) => words.indexOf(value));
    if (found.every((at) => at >= 0)) return found;
  }
  if (values.length > MOST_STEPS) return null;
  const parts = low.map((value) => /^(\D*?)(-?\d+(?:\.\d+)?)(\D*)$/.exec(value));
  const [first] = parts;
  if (!first || !parts.every((part) => part?.[1] === first[1])) return null;
  return parts.map((part) => Number(part![2]));
}
