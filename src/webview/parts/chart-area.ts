import { mapData, type HeatmapData, type MapData } from "../../charts/data";
import { NO_FILTERS } from "../../charts/filter";
import type { ChartTheme } from "../../charts/theme";
import type { Turn } from "../../charts/turn";
import type { Direction, Size } from "../../charts/viewport";
import type { Network } from "../../protocol/explore";
import type { RunResult } from "../../protocol/result";
import { HeatmapChart } from "../chart/heatmap-chart";
import { HeatmapContent, type Trouble } from "../chart/heatmap-content";
import { MapChart, type MapListener } from "../chart/map-chart";
import { NetworkContent } from "../chart/network-content";
import type { Picture } from "../chart/picture";
import { onThemeChange, pageTheme } from "../chart/page-theme";
import { el, fill } from "../dom";
import type { Host } from "../host";
import type { Items } from "../items";
import { colorByOf, keptOf, lookKey, type Shown } from "../state";
import { button } from "../ui";
import { sharedWords } from "../words";
import type { Actions } from "./actions";
import { CompareView } from "./compare-view";
import { FormingMap } from "./forming-map";
import { placeCards } from "./heatmap-cards";
import { itemCard, tieCard } from "./item-view";
import type { Legend } from "./legend";
import { Tooltip } from "./tooltip";

/** The chart that fills the panel, or a sentence where there is none. */
export class ChartArea {
  readonly element: HTMLElement;
  readonly #chart = el("div", {
    class: "chart",
    id: "chart",
    role: "application",
    attrs: {
      tabindex: "0",
      "aria-label":
        "Chart: arrow keys choose the next item, plus and minus zoom, W, A, S and D move or turn it, 0 shows all",
    },
  });
  readonly #map = el("div", { class: "layer" });
  readonly #heatmap = el("div", { class: "layer" });
  readonly #message = el("div", { class: "message", id: "message", hidden: true });
  readonly #network = el("div", { class: "layer" });
  readonly #mapChart: MapChart;
  readonly #networkChart: MapChart;
  readonly #heatmapChart: HeatmapChart;
  /** Made when somebody first looks at it. */
  #compare: CompareView | null = null;
  readonly #listener: MapListener;
  readonly #forming = new FormingMap();
  #covered = 0;
  readonly #tooltip = new Tooltip();
  readonly #heatmapContent: HeatmapContent;
  readonly #networkContent: NetworkContent;
  #places: Network | null = null;
  #mapContent: { data: MapData; of: RunResult; key: string } | null = null;
  #theme: ChartTheme = pageTheme();
  #shown: Shown | null = null;
  #drawn = "";
  #tip = "";

  constructor(
    host: Host,
    private readonly items: Items,
    private readonly legend: Legend,
    private readonly actions: Actions,
    /** Something has changed that the status line tells about. */
    onContent: () => void,
  ) {
    const listener: MapListener = (this.#listener = {
      hover: (index, x, y) =>
        index === null ? this.#hideTip() : this.#showTip(`item ${index}`, x, y, () => this.#cards(index)),
      pick: (index, add) => actions.pick(index, { add, reveal: !add }),
      pickMany: (index, add) => actions.pickMany(index, add),
    });
    this.#mapChart = new MapChart(this.#map, listener);
    this.#networkChart = new MapChart(this.#network, listener);
    this.#heatmapChart = new HeatmapChart(this.#heatmap, {
      hover: (place, x, y, gap) =>
        place ? this.#showTip(JSON.stringify(place), x, y, () => placeCards(items, place), gap) : this.#hideTip(),
      pick: (index, add) => actions.pick(index, { add, reveal: !add }),
      pickPair: (row, col) => actions.pickPair(row, col),
      pickMany: (index, add) => actions.pickMany(index, add),
    });
    this.#heatmapContent = new HeatmapContent(host, items, onContent, (text) => actions.say(text));
    this.#networkContent = new NetworkContent(host, onContent);
    this.#chart.append(this.#map, this.#heatmap, this.#network, this.#forming.element);
    this.#chart.addEventListener("keydown", (event) => this.#key(event));
    this.element = el("div", { class: "chart-area" }, this.#chart, this.#message);
    onThemeChange(() => {
      this.#theme = pageTheme();
      this.#redraw();
    });
    let timer: number | undefined;
    new ResizeObserver(() => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => this.#redraw(), this.#drawn === "" ? 0 : 80);
    }).observe(this.#chart);
  }

  /** Items in the heatmap or network that is shown, null when there is none. */
  get count(): { shown: number; total: number } | null {
    const shown = this.#shown;
    if (shown?.view === "compare") return null;
    const content = shown?.view === "network" ? this.#networkContent : this.#heatmapContent;
    return content.count(shown?.result ?? null);
  }

  /** The least similarity of two nearest items in the network that is shown; null when there is none. */
  get leastTie(): number | null {
    return this.#networkContent.least;
  }

  /** @param covered pixels at the top that the progress lies over */
  update(shown: Shown, covered: number): void {
    this.#shown = shown;
    this.#covered = covered;
    this.element.classList.toggle("busy", shown.state.kind === "running" || shown.state.kind === "failed");
    this.#map.hidden = shown.view !== "map";
    this.#heatmap.hidden = shown.view !== "similarity";
    this.#network.hidden = shown.view !== "network";
    if (this.#compare) this.#compare.element.hidden = shown.view !== "compare";
    this.#forming.update(shown, this.#theme, this.#size(), covered);
    switch (shown.view) {
      case "map":
        return this.#updateMap(shown);
      case "similarity":
        return this.#updateHeatmap(shown);
      case "network":
        return this.#updateNetwork(shown);
      case "compare":
        return this.#updateCompare(shown);
    }
  }

  /** How the map of three dimensions that is shown is turned; null when there is none. */
  get turn(): Turn | null {
    const { view, result } = this.#shown ?? {};
    return view === "map" && result?.z ? this.#mapChart.turn : null;
  }

  /** The drawings of what is shown, for a file; null when nothing is. */
  picture(): Picture | null {
    const shown = this.#shown;
    if (shown?.view === "compare") return this.#compare?.picture(shown) ?? null;
    const spec = this.#spec(shown);
    return spec && { specs: [spec], across: true };
  }

  #spec(shown: Shown | null): ReturnType<MapChart["spec"]> | null {
    if (shown?.view === "map") return this.#mapContent ? this.#mapChart.spec({ legend: true }) : null;
    if (shown?.view === "network") return this.#places ? this.#networkChart.spec({ legend: true }) : null;
    return this.#lastHeatmap ? this.#heatmapChart.spec() : null;
  }

  #updateMap(shown: Shown): void {
    const { result } = shown;
    if (!result || result.x.length === 0) {
      this.#map.hidden = true;
      return this.#sayNoMap(shown);
    }
    this.#say(null);
    const colorBy = colorByOf(shown);
    const { sizeBy } = shown.look;
    const key = lookKey(shown, colorBy);
    const map = this.#mapContent;
    if (map?.of !== result || map.key !== key) {
      const title = shown.title && `Map of ${shown.title}`;
      const data = mapData(result, colorBy, { title, sizeBy, kept: keptOf(shown) });
      this.#mapContent = { data, of: result, key };
    }
    const { data } = this.#mapContent!;
    this.legend.update(data, shown, this.#theme);
    this.#draw(`map ${id(data)}`, () =>
      this.#mapChart.draw(data, { ...this.#mapLook(shown), size: this.#size() }, map?.of !== result),
    );
    this.#mapChart.mark(shown.look.selected, shown.focus);
  }

  #sayNoMap(shown: Shown): void {
    this.legend.update(null, shown, this.#theme);
    this.#say(
      shown.result && shown.state.kind !== "running" ? "There is no map of these items yet." : null,
      "Make the map",
      () => this.actions.setView(shown.view),
    );
  }

  #updateCompare(shown: Shown): void {
    if (!this.#compare) {
      this.#compare = new CompareView(this.#listener, this.actions);
      this.#network.after(this.#compare.element);
    }
    const { element } = this.#compare;
    element.hidden = false;
    const data = this.#compare.update(shown, this.#theme);
    element.hidden = data === null;
    if (!data) return this.#sayNoMap(shown);
    this.#say(null);
    this.legend.update(data, shown, this.#theme);
  }

  #mapLook({ look, focus }: Shown): { theme: ChartTheme; selected: readonly number[]; focus: number } {
    return { theme: this.#theme, selected: look.selected, focus };
  }

  #updateHeatmap(shown: Shown): void {
    const { look } = shown;
    const data = this.#heatmapContent.data(shown);
    this.legend.update(data?.groups ?? null, shown, this.#theme, (category, add) => {
      const runs = data?.groups?.runs.filter((run) => run.category === category) ?? [];
      this.actions.pickMany(
        runs.flatMap(({ from, to }) => [...data!.index.subarray(from, to)]),
        add,
      );
    });
    const { trouble } = this.#heatmapContent;
    const none = data?.index.length === 0;
    if (trouble) this.#tell(trouble, () => this.#heatmapContent.retry());
    else if (none)
      this.#say("The filter leaves no item.", "Clear the filter", () => this.actions.setFilters(NO_FILTERS));
    else if (data) this.#say(null);
    if (!data || none) {
      this.#heatmap.hidden = true;
      return;
    }
    this.#draw(`heatmap ${id(data)} ${look.fixedRange}`, () =>
      this.#heatmapChart.draw(
        data,
        { theme: this.#theme, size: this.#size(), selected: look.selected, fixedRange: look.fixedRange },
        this.#freshHeatmap(data),
      ),
    );
    this.#heatmapChart.mark(look.selected);
  }

  #updateNetwork(shown: Shown): void {
    const data = this.#networkContent.data(shown, colorByOf(shown));
    const { trouble, places } = this.#networkContent;
    if (trouble) this.#tell(trouble, () => this.#networkContent.retry());
    else this.#say(data ? null : "Laying out the network …");
    if (!data) {
      this.legend.update(null, shown, this.#theme);
      this.#network.hidden = true;
      return;
    }
    this.legend.update(data, shown, this.#theme);
    const fresh = places !== this.#places;
    this.#places = places;
    this.#draw(`network ${id(data)}`, () =>
      this.#networkChart.draw(data, { ...this.#mapLook(shown), size: this.#size() }, fresh),
    );
    this.#networkChart.mark(shown.look.selected, shown.focus);
  }

  #tell({ text, run }: Trouble, retry: () => void): void {
    this.#say(text, run ? "Run again" : "Try again", run ? () => this.actions.rerun() : retry);
  }

  #lastHeatmap: HeatmapData | null = null;
  #freshHeatmap(data: HeatmapData): boolean {
    const fresh = data !== this.#lastHeatmap;
    this.#lastHeatmap = data;
    return fresh;
  }

  /** Draws when what is drawn would differ: other data, another theme or another size. */
  #draw(what: string, draw: () => Promise<void>): void {
    const { width, height } = this.#size();
    if (width < 20 || height < 20) return;
    const key = JSON.stringify([what, width, height, this.#theme]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    draw().catch((error: unknown) => this.#say(`The chart could not be drawn: ${String(error)}`));
  }

  #redraw(): void {
    if (this.#shown) this.update(this.#shown, this.#covered);
  }

  #size(): Size {
    return { width: this.#chart.clientWidth, height: this.#chart.clientHeight };
  }

  #say(text: string | null, action?: string, act?: () => void): void {
    this.#message.hidden = text === null;
    fill(
      this.#message,
      text !== null && el("p", { text }),
      text !== null && action && act ? button(action, act) : null,
    );
  }

  #showTip(key: string, x: number, y: number, content: () => Node[], gap?: number): void {
    if (key === this.#tip) this.#tooltip.move(x, y, gap);
    else this.#tooltip.show(content(), x, y, gap);
    this.#tip = key;
  }

  #hideTip(): void {
    this.#tip = "";
    this.#tooltip.hide();
  }

  /** An item as the pointer finds it; in a network with its ties; beside a second model, with how much the two agree. */
  #cards(index: number): Node[] {
    const { view, comparison } = this.#shown ?? {};
    if (view === "network" && this.#places)
      return [itemCard(this.items, index), tieCard(this.items, this.#places, index)];
    const at = view === "compare" && comparison ? comparison.index.indexOf(index) : -1;
    const shared =
      at >= 0 && el("div", { class: "card-source", text: sharedWords(comparison!.overlap[at]!, comparison!.k) });
    const byCluster = this.#shown && colorByOf(this.#shown) === "cluster";
    const cluster = byCluster ? (this.items.cluster(index)?.label ?? null) : null;
    return [itemCard(this.items, index, cluster), ...(shared ? [shared] : [])];
  }

  #key(event: KeyboardEvent): void {
    const direction = ARROWS[event.key];
    const shown = this.#shown;
    if (!shown || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") {
      const chosen = shown.look.selected.at(-1);
      if (chosen !== undefined) this.actions.reveal(chosen);
      return;
    }
    const charts = {
      map: this.#mapChart,
      similarity: this.#heatmapChart,
      network: this.#networkChart,
      compare: this.#compare,
    };
    const chart = charts[shown.view];
    if (!direction) return chart?.key(event);
    event.preventDefault();
    const next = chart?.next(direction) ?? null;
    if (next !== null) this.actions.pick(next, { add: event.shiftKey });
  }
}

const ARROWS: Record<string, Direction> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

const ids = new WeakMap<object, number>();
let lastId = 0;
/** A number that stands for an object as long as it lives. */
function id(object: object): number {
  let known = ids.get(object);
  if (known === undefined) ids.set(object, (known = ++lastId));
  return known;
}
