import { comparedMaps, firstMap, type ComparedMaps } from "../../charts/compare";
import type { MapData } from "../../charts/data";
import type { ChartTheme } from "../../charts/theme";
import type { Direction, Size } from "../../charts/viewport";
import type { RunResult } from "../../protocol/result";
import { MapChart, type MapListener, type Seen } from "../chart/map-chart";
import type { Picture } from "../chart/picture";
import { troubleOf } from "../compare";
import { el, fill, setText } from "../dom";
import { colorByOf, keptOf, lookKey, sameItems, type Shown } from "../state";
import { button } from "../ui";
import { modelLine } from "../words";
import type { Actions } from "./actions";

/** Pixels of the line over each map. */
const CAPTION = 24;

/** One of the two maps with its model's name over it. */
class Pane {
  readonly #name = el("div", { class: "pane-name" });
  readonly #layer = el("div", { class: "layer" });
  readonly #message = el("div", { class: "message", hidden: true });
  readonly #plot = el("div", { class: "pane-plot" }, this.#layer, this.#message);
  readonly element: HTMLElement;
  readonly chart: MapChart;
  #drawn = "";

  constructor(id: string, listener: MapListener) {
    this.element = el("div", { class: "pane", id }, this.#name, this.#plot);
    this.#message.id = `${id}-message`;
    this.chart = new MapChart(this.#layer, listener);
  }

  name(text: string): void {
    setText(this.#name, text);
    this.#name.title = text;
  }

  /** @param busy what is drawn is about to be replaced */
  show(drawn: boolean, busy: boolean): void {
    this.#layer.hidden = !drawn;
    this.element.classList.toggle("busy", busy);
  }

  say(text: string | null, act: { label: string; run: () => void } | null): void {
    const key = JSON.stringify([text, act?.label]);
    this.#message.hidden = text === null;
    if (this.#message.dataset["key"] === key) return;
    this.#message.dataset["key"] = key;
    fill(this.#message, text !== null && el("p", { text }), text !== null && act ? button(act.label, act.run) : null);
  }

  get size(): Size {
    return { width: this.#plot.clientWidth, height: this.#plot.clientHeight };
  }

  /** Draws when what is drawn would differ. */
  draw(key: string, theme: ChartTheme, draw: (size: Size) => Promise<void>): void {
    const { size } = this;
    if (size.width < 20 || size.height < 20) return;
    const whole = JSON.stringify([key, size, theme]);
    if (whole === this.#drawn) return;
    this.#drawn = whole;
    draw(size).catch((error: unknown) => this.say(`The chart could not be drawn: ${String(error)}`, null));
  }
}

interface Maps {
  of: RunResult;
  key: string;
  first: MapData;
  /** Null as long as there is no second one. */
  both: ComparedMaps | null;
}

/** The maps of two models: one choice, one pointer and one way to look at both. */
export class CompareView {
  readonly element = el("div", { class: "compare", id: "compare", hidden: true });
  readonly #panes: [Pane, Pane];
  #maps: Maps | null = null;
  /** What the second pane shows, also while the next comparison is on its way. */
  #second: { of: RunResult; data: MapData } | null = null;
  #version = 0;

  constructor(
    listener: MapListener,
    private readonly actions: Actions,
  ) {
    const pane = (id: string, other: () => Pane): Pane =>
      new Pane(id, {
        ...listener,
        hover: (index, x, y) => {
          other().chart.point(index);
          listener.hover(index, x, y);
        },
        look: (seen: Seen) => other().chart.follow(seen),
      });
    this.#panes = [pane("compare-first", () => this.#panes[1]), pane("compare-second", () => this.#panes[0])];
    this.element.append(...this.#panes.map(({ element }) => element));
  }

  /** @returns what the legend tells about, null when there is no map */
  update(shown: Shown, theme: ChartTheme): MapData | null {
    const { result, comparison, compare, state } = shown;
    if (!result || result.x.length === 0) return null;
    const [first, second] = this.#panes;
    this.#arrange();
    const maps = this.#content(shown, result);
    const running = state.kind === "running" || compare.run.kind === "running";
    first.name(modelLine(result.model));
    second.name(comparison ? modelLine(comparison.model) : compare.model === null ? "" : nameOf(shown));
    if (this.#second && !maps.both && !(running && sameItems(this.#second.of, result))) this.#second = null;
    second.show(this.#second !== null, !maps.both && this.#second !== null);
    this.#tell(shown, this.#second !== null);
    const look = { theme, selected: shown.look.selected, focus: shown.focus };
    const frame = maps.both && { frame: maps.both.frame };
    first.draw(`${this.#version} ${maps.key}`, theme, (size) =>
      first.chart.draw(maps.first, { ...look, size, ...frame }, this.#isFresh(maps.first)),
    );
    if (maps.both) {
      const data = maps.both.second;
      second.draw(`${this.#version} ${maps.key}`, theme, (size) =>
        second.chart.draw(data, { ...look, size, ...frame }, this.#isFresh(data)),
      );
    }
    for (const { chart } of this.#panes) chart.mark(shown.look.selected, shown.focus);
    return maps.first;
  }

  next(direction: Direction): number | null {
    return this.#panes[0].chart.next(direction);
  }

  /** A key that zooms or moves: the second map follows. */
  key(event: KeyboardEvent): void {
    this.#panes[0].chart.key(event);
  }

  /** The drawings of what is shown, for a file, and whether they stand side by side. */
  picture(shown: Shown): Picture | null {
    const { result, comparison } = shown;
    if (!result || !this.#maps) return null;
    const [first, second] = this.#panes;
    const across = !this.element.classList.contains("stacked");
    const both = comparison !== null && this.#maps.both !== null;
    const specs = [first.chart.spec({ legend: !both, title: modelLine(result.model) })];
    if (both) specs.push(second.chart.spec({ legend: true, title: modelLine(comparison.model) }));
    return { specs, across };
  }

  #content(shown: Shown, result: RunResult): Maps {
    const { comparison } = shown;
    const colorBy = colorByOf(shown);
    const key = lookKey(shown, colorBy);
    if (this.#maps?.of === result && this.#maps.key === key) return this.#maps;
    const options = { sizeBy: shown.look.sizeBy, kept: keptOf(shown) };
    const both = comparison && comparison.axes.length > 0 ? comparedMaps(result, comparison, colorBy, options) : null;
    this.#maps = { of: result, key, first: both?.first ?? firstMap(result, colorBy, options), both };
    if (both) this.#second = { of: result, data: both.second };
    this.#version++;
    return this.#maps;
  }

  /** Places that were drawn last, by pane: the same in other colours keep the view. */
  readonly #places = new Map<"first" | "second", Float32Array>();
  #isFresh(data: MapData): boolean {
    const pane = data === this.#maps?.first ? "first" : "second";
    const fresh = this.#places.get(pane) !== data.x;
    this.#places.set(pane, data.x);
    return fresh;
  }

  /** Side by side or one over the other, whichever gives the larger maps. */
  #arrange(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    const across = Math.min(width / 2, height - CAPTION) >= Math.min(width, height / 2 - CAPTION);
    this.element.classList.toggle("stacked", !across);
  }

  /** The sentence in place of the second map. */
  #tell(shown: Shown, drawn: boolean): void {
    const { compare, state, result } = shown;
    const [, second] = this.#panes;
    const again = (label: string) => ({ label, run: () => this.actions.compareWith(compare.model) });
    const trouble = troubleOf(shown);
    const { run } = compare;
    if (trouble !== null) return second.say(trouble, null);
    if (compare.model === null) {
      return second.say("Choose a second model under “Compare with” to see its map of the same items here.", null);
    }
    if (drawn) return second.say(null, null);
    if (run.kind === "failed") {
      const { model } = compare;
      const setKey = { label: "Set API Key…", run: () => this.actions.setApiKey(model) };
      return second.say(run.error.message, run.error.reason === "key" ? setKey : again("Try again"));
    }
    if (run.kind === "stopped") return second.say("The comparison was stopped.", again("Compare"));
    if (shown.comparison) return second.say("There is no second map to lay beside the first.", null);
    if (run.kind === "running") return second.say(`Comparing with ${nameOf(shown)} …`, null);
    if (result && state.kind !== "running" && state.kind !== "done") {
      return second.say(`Nothing has been compared with ${nameOf(shown)} yet.`, again("Compare"));
    }
    second.say(null, null);
  }
}

const nameOf = ({ compare, models }: Shown): string =>
  models.find(({ card }) => card.id === compare.model)?.card.name ?? compare.model ?? "";
