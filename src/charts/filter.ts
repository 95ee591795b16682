import type { RunResult } from "../protocol/result";
import { fieldOf, fieldsOf, type Field } from "./fields";

/** What a person wants to see of a field: some of its values, or a range of numbers (milliseconds of dates). */
export interface Filter {
  /** The id of the field. */
  field: string;
  /** Values that are left out. */
  hide?: readonly string[];
  /** Items without a value are left out; of numbers they are whenever there is a range. */
  hideNone?: boolean;
  /** Items whose value is one of too many are left out. */
  hideOther?: boolean;
  /** Inclusive; null for no end. */
  from?: number | null;
  to?: number | null;
}

export interface Filters {
  list: readonly Filter[];
  /** Letters that the label or a value of a category must hold; "" for none. */
  search: string;
}

export const NO_FILTERS: Filters = { list: [], search: "" };

/** Whether a filter leaves anything out by itself. */
export const isActive = ({ hide, hideNone, hideOther, from, to }: Filter): boolean =>
  (hide?.length ?? 0) > 0 ||
  hideNone === true ||
  hideOther === true ||
  (from ?? null) !== null ||
  (to ?? null) !== null;

/** The filters with another one for its field; one that leaves nothing out is dropped. */
export function withFilter({ list, search }: Filters, filter: Filter): Filters {
  const others = list.filter(({ field }) => field !== filter.field);
  return { list: isActive(filter) ? [...others, filter] : others, search };
}

/** (count) 1 for the items that stay, 0 for those left out; null when all stay. Fields that the result lacks leave nothing out. */
export function keptBy(result: RunResult, { list, search }: Filters): Uint8Array | null {
  const { count } = result.items;
  let kept: Uint8Array | null = null;
  const drop = (leaves: (i: number) => boolean): void => {
    kept ??= new Uint8Array(count).fill(1);
    for (let i = 0; i < count; i++) if (kept[i] === 1 && !leaves(i)) kept[i] = 0;
  };
  for (const filter of list) {
    const field = fieldOf(result, filter.field);
    if (field && isActive(filter)) drop(tester(field, filter));
  }
  const words = search.trim().toLowerCase();
  if (words !== "") drop(searcher(fieldsOf(result), words));
  return kept;
}

function tester(field: Field, filter: Filter): (i: number) => boolean {
  if (field.kind === "number") {
    const from = filter.from ?? -Infinity;
    const to = filter.to ?? Infinity;
    const ranged = from !== -Infinity || to !== Infinity;
    return (i) => {
      const value = field.value[i]!;
      return Number.isNaN(value) ? !ranged && filter.hideNone !== true : value >= from && value <= to;
    };
  }
  const hidden = new Set(filter.hide);
  const shown = field.values.map((value) => !hidden.has(value));
  return (i) => {
    const code = field.code[i]!;
    return code >= 0 ? shown[code]! : code === -1 ? filter.hideNone !== true : filter.hideOther !== true;
  };
}

function searcher(fields: readonly Field[], words: string): (i: number) => boolean {
  const found = fields.flatMap((field) => {
    if (field.kind !== "category") return [];
    const holds = field.values.map((value) => value.toLowerCase().includes(words));
    return holds.includes(true) ? [{ code: field.code, holds }] : [];
  });
  return (i) => found.some(({ code, holds }) => code[i]! >= 0 && holds[code[i]!]!);
}

/** How many items stay. */
export const countKept = (kept: Uint8Array): number => kept.reduce((sum, one) => sum + one, 0);

/** Filters as they were stored; anything else is no filter. */
export function parseFilters(stored: unknown): Filters {
  const { list, search } = (stored ?? {}) as { list?: unknown; search?: unknown };
  const parsed = Array.isArray(list) ? list.flatMap((one: unknown) => parseFilter(one)) : [];
  return { list: parsed, search: typeof search === "string" ? search : "" };
}

function parseFilter(stored: unknown): Filter[] {
  if (typeof stored !== "object" || stored === null) return [];
  const { field, hide, hideNone, hideOther, from, to } = stored as Record<string, unknown>;
  if (typeof field !== "string") return [];
  return [
    {
      field,
      ...(Array.isArray(hide) && { hide: hide.filter((one) => typeof one === "string") }),
      ...(hideNone === true && { hideNone }),
      ...(hideOther === true && { hideOther }),
      ...(typeof from === "number" && { from }),
      ...(typeof to === "number" && { to }),
    },
  ];
}
