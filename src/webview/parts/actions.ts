import type { ColorBy } from "../../charts/data";
import type { Filters } from "../../charts/filter";
import type { HeatmapOrder } from "../../charts/order";
import type { NetworkSettings } from "../../protocol/explore";
import type { ExportFormat, View } from "../../protocol/panel";
import type { Recipe } from "../../protocol/recipe";
import type { TablePreview } from "../../protocol/table";

/** What the parts of the page may ask for; the app carries it out. */
export interface Actions {
  /** Applies a change of the recipe; `"soon"` waits until a slider rests. */
  change(edit: (recipe: Recipe) => Recipe, when?: "now" | "soon"): void;
  /** The columns of the dataset as the recipe has them now. */
  columns(): Promise<TablePreview>;
  setView(view: View): void;
  /** Puts a second model beside the first, or tries it once more; null for none. */
  compareWith(model: string | null): void;
  setColorBy(colorBy: ColorBy): void;
  /** The id of a field of numbers, null for none. */
  setSizeBy(field: string | null): void;
  setFilters(filters: Filters): void;
  /** Orders the heatmap; by cluster asks for clusters. */
  setOrder(order: HeatmapOrder): void;
  setNetwork(settings: Partial<NetworkSettings>): void;
  setFixedRange(fixed: boolean): void;
  setFolded(folded: boolean): void;
  /** Chooses an item and shows its details; `add` keeps those chosen before, and lets go of one that is chosen already. */
  pick(index: number, options?: { add?: boolean; reveal?: boolean }): void;
  pickPair(a: number, b: number): void;
  /** Chooses all of them, with `add` beside those chosen before. */
  pickMany(index: readonly number[], add: boolean): void;
  clearPicked(): void;
  reveal(index: number): void;
  /** -1 for none. */
  setFocus(category: number): void;
  rerun(): void;
  cancel(): void;
  /** Ends the reduction under way and keeps the map as it is. */
  enough(): void;
  answerOffer(accepted: boolean): void;
  /** Asks for the key of a model's server, then tries again. */
  setApiKey(model: string): void;
  showLog(): void;
  manageModels(): void;
  /** Tells something that stops nothing. */
  say(text: string): void;
  /**
   * Makes the file of a format from what is shown.
   * @param selection the items to save, null for all
   */
  save(format: ExportFormat, selection: readonly number[] | null): void;
}
