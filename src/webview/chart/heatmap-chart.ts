import type { HeatmapData } from "../../charts/data";
import { groupAt, type Group } from "../../charts/groups";
import { HEATMAP_DATA, HEATMAP_SIGNALS, heatmapSpec, selectedRuns } from "../../charts/heatmap";
import {
  cellGap,
  cellsAt,
  heatmapBounds,
  heatmapLayout,
  type CellsAt,
  type HeatmapLayout,
} from "../../charts/heatmap-layout";
import { heatmapPixels, heatmapRange } from "../../charts/pixels";
import type { ChartTheme } from "../../charts/theme";
import {
  clampViewport,
  panViewport,
  zoomViewport,
  type Direction,
  type Size,
  type Viewport,
} from "../../charts/viewport";
import { Gestures, type Plot } from "./gestures";
import { Lasso } from "./lasso";
import { Stage } from "./stage";

/** Where the pointer is: a cell, the label of one row or column, or the band of a group. Items of the result. */
export type HeatmapPlace =
  | { kind: "cell"; row: number; col: number; value: number; groups: [string, string] | null }
  | { kind: "label"; item: number; group: string | null }
  | { kind: "group"; group: Group };

export interface HeatmapListener {
  /** @param gap pixels around the pointer that are looked at */
  hover(place: HeatmapPlace | null, x: number, y: number, gap: number): void;
  pick(index: number, add: boolean): void;
  pickPair(row: number, col: number): void;
  /** Items of the result: those of the rows and columns of a rectangle, or of a group. */
  pickMany(index: number[], add: boolean): void;
}

export interface HeatmapLook {
  theme: ChartTheme;
  size: Size;
  selected: readonly number[];
  fixedRange: boolean;
}

/** The heatmap on the page: zoom, pan, hover and choice over the drawn spec. */
export class HeatmapChart {
  readonly #stage: Stage;
  readonly #gestures: Gestures;
  readonly #lasso = new Lasso();
  #data: HeatmapData | null = null;
  #look: HeatmapLook | null = null;
  /** Of what is drawn: thousands of labels are not measured again whenever the pointer moves. */
  #layout: HeatmapLayout | null = null;
  #viewport: Viewport | null = null;
  #image: { of: Float32Array; range: readonly [number, number]; canvas: HTMLCanvasElement } | null = null;
  #hovered = "";

  constructor(
    private readonly element: HTMLElement,
    private readonly listener: HeatmapListener,
  ) {
    this.#stage = new Stage(element);
    element.append(this.#lasso.element);
    this.#gestures = new Gestures(element, {
      plot: () => this.#plot(),
      // Rows count from the top: the plot's shares are mirrored in y.
      zoom: (factor, { x, y }) => this.#zoom(factor, { x, y: 1 - y }),
      pan: ({ x, y }) => this.#move(panViewport(this.#viewport!, { x, y: -y })),
      reset: () => this.#move(heatmapBounds(this.#data!.index.length)),
      hover: (at, event) => this.#hover(at, event),
      click: (at, event) => this.#click(at, event),
      square: true,
      outline: (corners, done, event) => this.#outline(corners, done, event.ctrlKey || event.metaKey),
    });
  }

  /** @param fresh another matrix than before: shows all of it */
  async draw(data: HeatmapData, look: HeatmapLook, fresh: boolean): Promise<void> {
    this.#data = data;
    this.#look = look;
    this.#layout = heatmapLayout(data, { ...look.size, theme: look.theme });
    if (fresh || !this.#viewport) this.#viewport = heatmapBounds(data.index.length);
    await this.#stage.show(this.spec());
  }

  spec(): ReturnType<typeof heatmapSpec> {
    const data = this.#data!;
    const { theme, size, fixedRange } = this.#look!;
    const range = heatmapRange(data, fixedRange);
    if (this.#image?.of !== data.values || String(this.#image.range) !== String(range)) {
      this.#image = { of: data.values, range, canvas: paint(data, range) };
    }
    return heatmapSpec(data, {
      theme,
      ...size,
      image: this.#image.canvas,
      range,
      viewport: this.#viewport!,
      selected: this.#positions(),
    });
  }

  mark(selected: readonly number[]): void {
    if (!this.#look || !this.#data) return;
    this.#look = { ...this.#look, selected };
    this.#stage.view?.data(HEATMAP_DATA.selected, selectedRuns(this.#positions()));
    this.#stage.refresh();
  }

  /** The item of the row that an arrow key goes to from the one that is chosen. */
  next(direction: Direction): number | null {
    const data = this.#data;
    if (!data) return null;
    const from = this.#positions().at(-1);
    const step = direction === "down" || direction === "right" ? 1 : -1;
    return data.index[from === undefined ? 0 : from + step] ?? null;
  }

  /** A key that zooms or moves. */
  key(event: KeyboardEvent): void {
    this.#gestures.key(event);
  }

  destroy(): void {
    this.#gestures.destroy();
    this.#stage.clear();
  }

  #plot(): Plot | null {
    const layout = this.#layout;
    return layout && { left: layout.padding.left, top: layout.padding.top, width: layout.width, height: layout.height };
  }

  #positions(): number[] {
    const { selected } = this.#look!;
    if (selected.length === 0) return [];
    const places = new Map(Array.from(this.#data!.index, (item, at) => [item, at]));
    return selected.flatMap((item) => places.get(item) ?? []);
  }

  #place(at: { x: number; y: number }): CellsAt | null {
    const layout = this.#layout;
    return layout && cellsAt(at, this.#viewport!, layout, this.#data!.index.length);
  }

  #hover(at: { x: number; y: number } | null, event: PointerEvent): void {
    const place = at && this.#place(at);
    const key = place ? `${place.row} ${place.col} ${place.on}` : "";
    if (key !== this.#hovered) {
      this.#hovered = key;
      this.element.classList.toggle("on-point", place !== null);
      const cell = place?.on === "cell" ? [{ row: place.row, col: place.col }] : [];
      this.#stage.view?.data(HEATMAP_DATA.hovered, cell);
      this.#stage.refresh();
    }
    const gap = place ? cellGap(this.#viewport!, this.#plot()!) : 0;
    this.listener.hover(place && this.#meaning(place), event.clientX, event.clientY, gap);
  }

  #meaning({ row, col, on }: CellsAt): HeatmapPlace {
    const { index, values, groups } = this.#data!;
    const group = groups && groupAt(groups, row);
    if (on === "group") return { kind: "group", group: group! };
    if (on !== "cell") return { kind: "label", item: index[row]!, group: group?.name ?? null };
    return {
      kind: "cell",
      row: index[row]!,
      col: index[col]!,
      value: values[row * index.length + col]!,
      groups: groups ? [group!.name, groupAt(groups, col)!.name] : null,
    };
  }

  #click(at: { x: number; y: number }, event: MouseEvent): void {
    const place = this.#place(at);
    if (!place) return;
    const { index } = this.#data!;
    const meant = this.#meaning(place);
    const add = event.ctrlKey || event.metaKey;
    if (meant.kind === "group") {
      this.listener.pickMany([...index.subarray(meant.group.from, meant.group.to)], add || event.shiftKey);
    } else if (place.row === place.col) this.listener.pick(index[place.row]!, add || event.shiftKey);
    else this.listener.pickPair(index[place.row]!, index[place.col]!);
  }

  /** A rectangle means its rows and its columns: it grows to whole cells. */
  #outline(corners: number[] | null, done: boolean, add: boolean): void {
    const plot = this.#plot();
    this.#lasso.hide();
    if (!plot || !corners) return;
    const view = this.#viewport!;
    const { index } = this.#data!;
    const sides = (["x", "y"] as const).map((side, at) => {
      const [length, [low, high]] = [side === "x" ? plot.width : plot.height, view[side]];
      const cells = [corners[at]!, corners[at + 4]!].map((pixels) => low + (pixels / length) * (high - low));
      const from = Math.max(0, Math.floor(Math.min(...cells)));
      const to = Math.min(index.length, Math.max(from + 1, Math.ceil(Math.max(...cells))));
      const pixels = [from, to].map((cell) => Math.max(0, Math.min(length, ((cell - low) / (high - low)) * length)));
      return { from, to, low: pixels[0]!, high: pixels[1]! };
    });
    const [x, y] = [sides[0]!, sides[1]!];
    if (!done) return this.#lasso.show(plot, [x.low, y.low, x.high, y.low, x.high, y.high, x.low, y.high]);
    const items = [y, x].flatMap(({ from, to }) => [...index.subarray(from, to)]);
    this.listener.pickMany(
      [...new Set(items)].sort((a, b) => a - b),
      add,
    );
  }

  #zoom(factor: number, at: { x: number; y: number }): void {
    const span = this.#viewport!.x[1] - this.#viewport!.x[0];
    this.#move(zoomViewport(this.#viewport!, Math.min(factor, span), at));
  }

  #move(viewport: Viewport): void {
    this.#viewport = clampViewport(viewport, heatmapBounds(this.#data!.index.length));
    this.#stage.view?.signal(HEATMAP_SIGNALS.x, this.#viewport.x).signal(HEATMAP_SIGNALS.y, this.#viewport.y);
    this.#stage.refresh();
  }
}

/** The cells as a canvas, one pixel each: Vega draws it as it is, so that nothing is encoded and loaded again. */
function paint(data: HeatmapData, range: readonly [number, number]): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  const n = data.index.length;
  canvas.width = canvas.height = Math.max(1, n);
  if (n > 0) canvas.getContext("2d")?.putImageData(new ImageData(heatmapPixels(data, range), n, n), 0, 0);
  return canvas;
}
