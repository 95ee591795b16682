import { defaultColorBy, isColorBy, type ColorBy } from "../charts/coloring";
import { fieldOf } from "../charts/fields";
import { keptBy, NO_FILTERS, parseFilters, type Filters } from "../charts/filter";
import { HEATMAP_ORDERS, type HeatmapOrder } from "../charts/order";
import { NETWORK_K } from "./edits";
import type { NetworkSettings } from "../protocol/explore";
import type { Forming } from "../protocol/engine";
import type { Snapshot } from "../protocol/panel";
import { REDUCE_METHODS, type Recipe } from "../protocol/recipe";
import type { RunResult } from "../protocol/result";
import type { VsCodeApi } from "./vscode";

/** What the page alone knows and keeps over a reload; everything else is the host's. */
export interface ViewState {
  /** Items by index, in the order of their choice; the last is the one whose details are shown. */
  selected: number[];
  /** Null: whatever fits the result best. */
  colorBy: ColorBy | null;
  /** The id of a field of numbers; null: all alike. */
  sizeBy: string | null;
  filters: Filters;
  /** Whether the legend and details are folded away; null: by the width. */
  folded: boolean | null;
  /** Heatmap colours from −1 to 1. */
  fixedRange: boolean;
  /** How the rows of the heatmap follow each other. */
  order: HeatmapOrder;
  network: NetworkSettings;
}

/** What the parts of the page draw. */
export interface Shown extends Snapshot {
  /** The recipe as the controls show it: may be ahead of the host while a slider moves. */
  draft: Recipe;
  look: ViewState;
  /** The category whose points stand out, -1 for none. */
  focus: number;
  /** The map of the run under way, as far as it has formed; null when none has. */
  forming: Forming | null;
}

const INITIAL: ViewState = {
  selected: [],
  colorBy: null,
  sizeBy: null,
  filters: NO_FILTERS,
  folded: null,
  fixedRange: false,
  order: "given",
  network: { k: 4, threshold: 0 },
};

/** View state in the webview's own storage, beside the panel's id that brings the panel back after a reload. */
export class ViewStore {
  constructor(private readonly api: Pick<VsCodeApi, "getState" | "setState">) {}

  load(): ViewState {
    const stored = this.#stored();
    const selected = Array.isArray(stored["selected"]) ? stored["selected"].filter(isIndex) : [];
    const colorBy = stored["colorBy"];
    return {
      selected,
      colorBy: isColorBy(colorBy) ? colorBy : null,
      sizeBy: typeof stored["sizeBy"] === "string" ? stored["sizeBy"] : null,
      filters: parseFilters(stored["filters"]),
      folded: typeof stored["folded"] === "boolean" ? stored["folded"] : null,
      fixedRange: stored["fixedRange"] === true,
      order: HEATMAP_ORDERS.find((order) => order === stored["order"]) ?? "given",
      network: networkOf(stored["network"]),
    };
  }

  save(look: ViewState): void {
    this.api.setState({ ...this.#stored(), ...look });
  }

  savePanel(panel: string): void {
    this.api.setState({ ...INITIAL, ...this.#stored(), panel });
  }

  #stored(): Record<string, unknown> {
    const state = this.api.getState();
    return typeof state === "object" && state !== null ? (state as Record<string, unknown>) : {};
  }
}

function networkOf(stored: unknown): NetworkSettings {
  const { k, threshold } = (stored ?? {}) as Record<string, unknown>;
  return {
    k: typeof k === "number" && k >= 1 && k <= NETWORK_K.max ? Math.round(k) : INITIAL.network.k,
    threshold: typeof threshold === "number" && Number.isFinite(threshold) ? threshold : INITIAL.network.threshold,
  };
}

const isIndex = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

/** The colours in use: the chosen ones as far as the result has them. */
export function colorByOf(shown: Pick<Shown, "result" | "look" | "view">): ColorBy {
  const { result, look } = shown;
  if (!result) return look.colorBy ?? "none";
  const { colorBy } = look;
  if (colorBy === null && shown.view === "compare" && defaultColorBy(result) === "none" && fieldOf(result, "overlap")) {
    return "overlap";
  }
  // Clusters that are asked for come with the next result.
  if (colorBy === "none" || colorBy === "cluster") return colorBy;
  return colorBy !== null && fieldOf(result, colorBy) ? colorBy : defaultColorBy(result);
}

/** Another one says that a map of the same result looks different. */
export const lookKey = ({ look: { sizeBy, filters }, title, comparison }: Shown, colorBy: ColorBy): string =>
  JSON.stringify([colorBy, sizeBy, filters, title, comparison && [comparison.model.id, comparison.fingerprint]]);

let filtered: {
  of: RunResult;
  filters: Filters;
  comparison: Shown["comparison"];
  kept: Uint8Array | null;
} | null = null;

/** (count) 0 for the items that the filters leave out; null when they leave out none. The same array as long as nothing changes. */
export function keptOf({
  result,
  look: { filters },
  comparison,
}: Pick<Shown, "result" | "look" | "comparison">): Uint8Array | null {
  if (!result) return null;
  if (filtered?.of !== result || filtered.filters !== filters || filtered.comparison !== comparison) {
    filtered = { of: result, filters, comparison, kept: keptBy(result, filters) };
  }
  return filtered.kept;
}

/** Whether two results are about the same items, so that a selection and cached texts still hold. */
export function sameItems(a: RunResult | null, b: RunResult | null): boolean {
  if (!a || !b) return false;
  return (
    a.fingerprint === b.fingerprint &&
    a.items.count === b.items.count &&
    JSON.stringify([a.recipe.source, a.recipe.seed]) === JSON.stringify([b.recipe.source, b.recipe.seed])
  );
}

export const METHODS = REDUCE_METHODS;
