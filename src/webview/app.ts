import type { ColorBy } from "../charts/data";
import { shareNeighbors } from "../charts/fields";
import type { Filters } from "../charts/filter";
import type { PanelComparison } from "../protocol/compare";
import type { Forming, Progress } from "../protocol/engine";
import { isCancelled } from "../protocol/errors";
import type { HeatmapOrder } from "../charts/order";
import type { NetworkSettings } from "../protocol/explore";
import type { ExportFormat, Snapshot, View } from "../protocol/panel";
import type { Recipe } from "../protocol/recipe";
import type { RunResult } from "../protocol/result";
import type { TablePreview } from "../protocol/table";
import { toPng, toSvg } from "./chart/picture";
import { el } from "./dom";
import { withClusters } from "./edits";
import type { Host } from "./host";
import { Items } from "./items";
import type { Actions } from "./parts/actions";
import { Banner } from "./parts/banner";
import { ChartArea } from "./parts/chart-area";
import { Controls } from "./parts/controls";
import { Details } from "./parts/details";
import { takeDrops } from "./parts/drop";
import { Findings } from "./parts/findings";
import { Legend } from "./parts/legend";
import { offerPassages } from "./parts/long-texts";
import { Moved } from "./parts/moved";
import { Notice } from "./parts/notice";
import { ProgressBar } from "./parts/progress";
import { Search } from "./parts/search";
import { NARROW, Side } from "./parts/side";
import { Trust } from "./parts/trust";
import { StatusLine } from "./parts/status-line";
import { colorByOf, keptOf, sameItems, type Shown, type ViewStore } from "./state";

/** A slider counts as resting after this many milliseconds. */
const REST = 250;

/** The page: what the host says and what the user does become what is shown. */
export class App implements Actions {
  readonly #items: Items;
  readonly #controls = new Controls(this);
  readonly #banner = new Banner(this);
  readonly #progress = new ProgressBar(
    () => this.cancel(),
    () => this.enough(),
  );
  readonly #legend: Legend;
  readonly #notice = new Notice();
  readonly #status = new StatusLine((result) => offerPassages(result, this));
  readonly #details: Details;
  readonly #findings: Findings;
  readonly #moved: Moved;
  readonly #trust = new Trust(this);
  readonly #search: Search;
  readonly #side: Side;
  readonly #chart: ChartArea;
  #shown: Shown | null = null;
  /** Counts the results: details of an earlier one are asked for again. */
  #version = 0;
  #resting: number | undefined;

  constructor(
    root: HTMLElement,
    private readonly host: Host,
    private readonly store: ViewStore,
  ) {
    this.#items = new Items(host);
    this.#legend = new Legend(this.#items, this);
    this.#details = new Details(host, this.#items, this);
    this.#findings = new Findings(host, this.#items, this);
    this.#moved = new Moved(this.#items, this);
    this.#search = new Search(host, this.#items, this);
    this.#chart = new ChartArea(host, this.#items, this.#legend, this, () => this.#update());
    this.#chart.element.append(this.#progress.element);
    this.#side = new Side(this, [
      this.#search.element,
      this.#legend.element,
      this.#moved.element,
      this.#details.element,
      this.#trust.element,
      this.#findings.element,
    ]);
    root.replaceChildren(
      el("header", {}, this.#controls.element, this.#banner.element),
      el("main", {}, this.#chart.element, this.#side.element, this.#notice.element),
      this.#status.element,
    );
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.clearPicked();
    });
    takeDrops(root, (uris) => this.host.drop(uris));
    NARROW.addEventListener("change", () => this.#update());
  }

  // What the host says.

  useSnapshot(snapshot: Snapshot): void {
    const same = sameItems(this.#shown?.result ?? null, snapshot.result);
    const look = this.#shown?.look ?? this.store.load();
    if (snapshot.result) shareNeighbors(snapshot.result, snapshot.comparison);
    if (snapshot.panel) this.store.savePanel(snapshot.panel);
    this.#shown = { ...snapshot, draft: snapshot.recipe, look, focus: -1, forming: null };
    this.#items.use(snapshot.result, same);
    this.#version++;
    this.#dropMissing();
    this.#update();
  }

  useResult(result: RunResult, recipe: Recipe): void {
    const shown = this.#shown;
    if (!shown) return;
    const same = sameItems(shown.result, result);
    // The host has taken back what is not about these items.
    shareNeighbors(result, shown.comparison);
    this.#items.use(result, same);
    this.#version++;
    this.#change({
      result,
      recipe,
      focus: -1,
      ...(this.#resting === undefined ? { draft: recipe } : {}),
      ...(same || !shown.result ? {} : { look: { ...shown.look, selected: [] } }),
    });
    this.#dropMissing();
  }

  use(change: Partial<Pick<Shown, "state" | "models" | "offer" | "compare">>): void {
    const over = change.state !== undefined && change.state.kind !== "running";
    this.#change(over ? { ...change, forming: null } : change);
  }

  useComparison(comparison: PanelComparison | null): void {
    const result = this.#shown?.result;
    if (result) shareNeighbors(result, comparison);
    this.#change({ comparison });
  }

  useForming(forming: Forming): void {
    if (this.#shown?.state.kind === "running") this.#change({ forming });
  }

  // What the user does.

  change(edit: (recipe: Recipe) => Recipe, when: "now" | "soon" = "now"): void {
    if (!this.#shown) return;
    const draft = edit(this.#shown.draft);
    if (JSON.stringify(draft) === JSON.stringify(this.#shown.draft)) return;
    window.clearTimeout(this.#resting);
    const send = (): void => {
      this.#resting = undefined;
      if (this.#shown) this.host.setRecipe(this.#shown.draft);
    };
    this.#resting = when === "soon" ? window.setTimeout(send, REST) : undefined;
    this.#change({ draft });
    if (when === "now") send();
  }

  columns(): Promise<TablePreview> {
    return this.host.columns();
  }

  setView(view: View): void {
    this.host.setView(view);
    this.#change({ view });
  }

  compareWith(model: string | null): void {
    this.host.compareWith(model);
    if (model !== this.#shown?.compare.model) this.#change({ compare: { model, run: { kind: "idle" } } });
  }

  setColorBy(colorBy: ColorBy): void {
    this.#look({ colorBy });
    if (this.#shown) this.#change({ focus: -1 });
    if (colorBy === "cluster") this.change(withClusters);
  }

  setSizeBy(sizeBy: string | null): void {
    this.#look({ sizeBy });
  }

  setFilters(filters: Filters): void {
    this.#look({ filters });
  }

  setOrder(order: HeatmapOrder): void {
    this.#look({ order });
    if (order === "cluster") this.change(withClusters);
  }

  setNetwork(settings: Partial<NetworkSettings>): void {
    if (this.#shown) this.#look({ network: { ...this.#shown.look.network, ...settings } });
  }

  setFixedRange(fixedRange: boolean): void {
    this.#look({ fixedRange });
  }

  setFolded(folded: boolean): void {
    this.#look({ folded });
  }

  pick(index: number, { add = false, reveal = false }: { add?: boolean; reveal?: boolean } = {}): void {
    const before = this.#shown?.look.selected ?? [];
    const others = before.filter((one) => one !== index);
    const selected = !add ? [index] : others.length < before.length ? others : [...before, index];
    this.#look({ selected });
    if (reveal) this.reveal(index);
  }

  pickPair(a: number, b: number): void {
    this.#look({ selected: [a, b] });
  }

  pickMany(index: readonly number[], add: boolean): void {
    const before = add ? (this.#shown?.look.selected ?? []) : [];
    this.#look({ selected: [...new Set([...before, ...index])] });
  }

  clearPicked(): void {
    if (this.#shown && this.#shown.look.selected.length > 0) this.#look({ selected: [] });
  }

  reveal(index: number): void {
    this.host.reveal(index);
  }

  setFocus(focus: number): void {
    this.#change({ focus });
  }

  rerun(): void {
    this.host.tell("rerun");
  }

  cancel(): void {
    this.host.tell("cancel");
  }

  enough(): void {
    this.host.tell("enough");
  }

  answerOffer(accepted: boolean): void {
    this.host.answerOffer(accepted);
    this.#change({ offer: null });
  }

  manageModels(): void {
    this.host.tell("manageModels");
  }

  setApiKey(model: string): void {
    this.host.setApiKey(model);
  }

  showLog(): void {
    this.host.tell("showLog");
  }

  say(text: string): void {
    this.#notice.say(text);
  }

  save(format: ExportFormat, selection: readonly number[] | null): void {
    const picture = format === "png" || format === "svg" ? this.#chart.picture() : null;
    const view = this.#shown?.view ?? "map";
    const order = this.#shown?.look.order ?? "given";
    const make = async (): Promise<void> => {
      const data = picture === null ? null : format === "png" ? await toPng(picture) : await toSvg(picture);
      const path = await this.host.save(format, view, data, {
        selection: selection && Int32Array.from(selection),
        kept: this.#shown && keptOf(this.#shown),
        order,
        colorBy: this.#shown && colorByOf(this.#shown),
        turn: this.#chart.turn,
      });
      if (path !== null) this.#notice.say(`Saved to ${path}`);
    };
    make().catch((error: unknown) => {
      if (!isCancelled(error)) this.#notice.say(error instanceof Error ? error.message : String(error), "error");
    });
  }

  /** A choice that was kept over a reload may be of items that are no longer there. */
  #dropMissing(): void {
    const shown = this.#shown;
    if (!shown?.result) return;
    const { count } = shown.result.items;
    if (shown.look.selected.some((index) => index >= count)) this.#look({ selected: [] });
  }

  #look(change: Partial<Shown["look"]>): void {
    if (!this.#shown) return;
    const look = { ...this.#shown.look, ...change };
    this.store.save(look);
    this.#change({ look });
  }

  #change(change: Partial<Shown>): void {
    if (!this.#shown) return;
    this.#shown = { ...this.#shown, ...change };
    this.#update();
  }

  #update(): void {
    const shown = this.#shown;
    if (!shown) return;
    this.#controls.update(shown, this.#chart.leastTie);
    this.#banner.update(shown);
    this.#progress.update(progressOf(shown), shown.forming !== null && isReducing(shown.state));
    this.#side.update(shown.look.folded, shown.look.selected.length > 0);
    this.#moved.update(shown);
    // Without a result there is no point to click.
    this.#details.element.hidden = shown.result === null;
    this.#details.update(shown.result ? shown.look.selected : [], this.#version, turns(shown));
    this.#trust.update(shown);
    this.#findings.update(shown, this.#version);
    this.#search.update(shown, this.#version);
    this.#chart.update(shown, shown.forming ? this.#progress.height : 0);
    this.#status.update(shown, this.#chart.count);
    const { sizeBy, filters } = shown.look;
    this.#items.first = [colorByOf(shown), sizeBy ?? "", ...filters.list.map(({ field }) => field)];
  }
}

/** What is under way: the run, or the comparison that follows it. */
function progressOf({ state, compare: { run } }: Shown): { progress: Progress | null; second: boolean } | null {
  if (state.kind === "running") return { progress: state.progress, second: false };
  return run.kind === "running" ? { progress: run.progress, second: true } : null;
}

/** Whether a hand can turn what is shown. */
const turns = ({ result, view }: Shown): boolean => result?.z !== undefined && (view === "map" || view === "compare");

/** Only then is there a reduction to stop. */
const isReducing = (state: Shown["state"]): boolean => state.kind === "running" && state.progress?.stage === "reduce";
