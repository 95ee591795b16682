import type { HeatmapData } from "../../charts/data";
import {
  HEATMAP_DATA,
  HEATMAP_SIGNALS,
  heatmapBounds,
  heatmapLayout,
  heatmapSpec,
  selectedRuns,
} from "../../charts/heatmap";
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
import { Stage } from "./stage";

/** Where the pointer is: a cell, or the label of one row or column. Items of the result. */
export type HeatmapPlace = { kind: "cell"; row: number; col: number; value: number } | { kind: "label"; item: number };

export interface HeatmapListener {
  hover(place: HeatmapPlace | null, x: number, y: number): void;
  pick(index: number, add: boolean): void;
  pickPair(row: number, col: number): void;
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
  #data: HeatmapData | null = null;
  #look: HeatmapLook | null = null;
  #viewport: Viewport | null = null;
  #image: { of: Float32Array; range: readonly [number, number]; canvas: HTMLCanvasElement } | null = null;
  #hovered = "";

  constructor(
    private readonly element: HTMLElement,
    private readonly listener: HeatmapListener,
  ) {
    this.#stage = new Stage(element);
    this.#gestures = new Gestures(element, {
      plot: () => this.#plot(),
      // Rows count from the top: the plot's shares are mirrored in y.
      zoom: (factor, { x, y }) => this.#zoom(factor, { x, y: 1 - y }),
      pan: ({ x, y }) => this.#move(panViewport(this.#viewport!, { x, y: -y })),
      reset: () => this.#move(heatmapBounds(this.#data!.index.length)),
      hover: (at, event) => this.#hover(at, event),
      click: (at, event) => this.#click(at, event),
    });
  }

  /** @param fresh another matrix than before: shows all of it */
  async draw(data: HeatmapData, look: HeatmapLook, fresh: boolean): Promise<void> {
    this.#data = data;
    this.#look = look;
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

  destroy(): void {
    this.#gestures.destroy();
    this.#stage.clear();
  }

  #plot(): Plot | null {
    if (!this.#data || !this.#look) return null;
    const { padding, width, height } = heatmapLayout(this.#data, { ...this.#look.size, theme: this.#look.theme });
    return { left: padding.left, top: padding.top, width, height };
  }

  #positions(): number[] {
    const { selected } = this.#look!;
    if (selected.length === 0) return [];
    const places = new Map(Array.from(this.#data!.index, (item, at) => [item, at]));
    return selected.flatMap((item) => places.get(item) ?? []);
  }

  #place(at: { x: number; y: number }): { row: number; col: number; label: "row" | "col" | null } | null {
    const plot = this.#plot();
    if (!plot) return null;
    const { x, y } = this.#viewport!;
    const n = this.#data!.index.length;
    const col = Math.floor(x[0] + (at.x / plot.width) * (x[1] - x[0]));
    const row = Math.floor(y[0] + (at.y / plot.height) * (y[1] - y[0]));
    const inX = at.x >= 0 && at.x < plot.width && col >= 0 && col < n;
    const inY = at.y >= 0 && at.y < plot.height && row >= 0 && row < n;
    if (inX && inY) return { row, col, label: null };
    if (inY && at.x < 0) return { row, col: row, label: "row" };
    if (inX && at.y >= plot.height) return { row: col, col, label: "col" };
    return null;
  }

  #hover(at: { x: number; y: number } | null, event: PointerEvent): void {
    const place = at && this.#place(at);
    const key = place ? `${place.row} ${place.col} ${place.label}` : "";
    if (key !== this.#hovered) {
      this.#hovered = key;
      this.element.classList.toggle("on-point", place !== null);
      this.#stage.view?.data(HEATMAP_DATA.hovered, place && !place.label ? [{ row: place.row, col: place.col }] : []);
      this.#stage.refresh();
    }
    this.listener.hover(place && this.#meaning(place), event.clientX, event.clientY);
  }

  #meaning({ row, col, label }: { row: number; col: number; label: string | null }): HeatmapPlace {
    const { index, values } = this.#data!;
    if (label) return { kind: "label", item: index[row]! };
    return { kind: "cell", row: index[row]!, col: index[col]!, value: values[row * index.length + col]! };
  }

  #click(at: { x: number; y: number }, event: MouseEvent): void {
    const place = this.#place(at);
    if (!place) return;
    const { index } = this.#data!;
    if (place.row === place.col)
      this.listener.pick(index[place.row]!, event.ctrlKey || event.metaKey || event.shiftKey);
    else this.listener.pickPair(index[place.row]!, index[place.col]!);
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
