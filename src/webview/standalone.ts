// The entry of dist/chart.js, which an HTML export carries in itself: the same chart with zoom, pan and a text tooltip.
import { parse, View, type Spec } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { HEATMAP_DATA, HEATMAP_SIGNALS } from "../charts/heatmap";
import { groupRoom } from "../charts/group-marks";
import { cellGap, cellsAt, heatmapBounds } from "../charts/heatmap-layout";
import { MAP_DATA, MAP_SIGNALS } from "../charts/map";
import { gridOf } from "../charts/grid";
import { withMinus } from "../charts/text";
import { unpackPoints, unpackValues, type StandalonePayload } from "../charts/payload";
import { DARK_THEME, LIGHT_THEME } from "../charts/theme";
import { clampViewport, panViewport, zoomViewport, type Size, type Viewport } from "../charts/viewport";
import { beside } from "./beside";
import { Gestures, type Plot } from "./chart/gestures";
import { REACH } from "./chart/reach";
import { StandaloneLayer } from "./standalone-layer";

/** A place in the plot that has something to say, and what marks it. */
interface Hit {
  text: string;
  /** Data URLs. */
  pictures: string[];
  /** Null: nothing is marked. */
  mark: object | null;
}

/** What differs between the two charts. */
interface Kind {
  hovered: string;
  /** Rows count from the top, values of a map from the bottom. */
  topDown: boolean;
  keep(view: Viewport): Viewport;
  /** @param at null: the pointer is nowhere */
  hit(at: Place | null, view: Viewport, plot: Size): Hit | null;
  /** Pixels around the pointer that a tooltip leaves free. */
  gap(view: Viewport, plot: Size): number;
}

/** Pixels from the plot's left top corner. */
interface Place {
  x: number;
  y: number;
}

/** How to end what stands in an element. */
const drawn = new WeakMap<HTMLElement, () => void>();

/** Draws a chart of an HTML export into an element and makes it interactive. Ends what it has drawn there before. */
export function drawEmbeddingLens(element: HTMLElement, payload: StandalonePayload): void {
  const spec = payload.spec as Spec;
  const signals = payload.kind === "map" ? MAP_SIGNALS : HEATMAP_SIGNALS;
  const first: Viewport = { x: signalOf(spec, signals.x), y: signalOf(spec, signals.y) };
  const layer = layerOf(payload, first);
  const kind = payload.kind === "map" ? mapKind(spec, payload, layer) : heatmapKind(spec, payload);
  drawn.get(element)?.();
  const frame = document.createElement("div");
  frame.style.position = "relative";
  frame.style.width = "max-content";
  frame.tabIndex = 0;
  frame.style.touchAction = "none";
  element.replaceChildren(frame);
  const view = new View(parse(spec, undefined, { ast: true }), { renderer: "canvas", expr: expressionInterpreter });
  const tip = tooltip(payload.theme === "dark");
  frame.append(tip);
  const canvas = document.createElement("div");
  frame.append(canvas);
  let viewport = first;
  let shown: object | null = null;
  if (layer) frame.append(layer.element);

  const plot = (): Plot => {
    const { left = 0, top = 0 } = spec.padding as { left?: number; top?: number };
    return { left, top, width: view.width(), height: view.height() };
  };
  const drawLayer = (): void => layer?.draw(viewport, plot(), view.signal(MAP_SIGNALS.focus) as number);
  const move = (to: Viewport): void => {
    viewport = kind.keep(to);
    void view.signal(signals.x, viewport.x).signal(signals.y, viewport.y).runAsync();
    drawLayer();
  };
  const turn = (by: { x: number; y: number } | null): void => {
    layer?.turn(by);
    drawLayer();
  };
  const point = (hit: Hit | null, event: MouseEvent): void => {
    tip.hidden = hit === null;
    if (hit) {
      tip.replaceChildren(pictureRow(hit.pictures), hit.text);
      place(tip, event, kind.gap(viewport, plot()));
    }
    const mark = hit?.mark ?? null;
    if (JSON.stringify(mark) === JSON.stringify(shown)) return;
    shown = mark;
    if (layer) drawLayer();
    else void view.data(kind.hovered, mark ? [mark] : []).runAsync();
  };
  const pan = (by: { x: number; y: number }): void =>
    move(panViewport(viewport, kind.topDown ? { x: by.x, y: -by.y } : by));
  const gestures = new Gestures(frame, {
    plot,
    zoom: (factor, at) => move(zoomViewport(viewport, factor, kind.topDown ? { x: at.x, y: 1 - at.y } : at)),
    // A map of three dimensions is turned by the hand that moves one of two, as in the panel.
    pan: layer?.turns ? turn : pan,
    reset: () => {
      if (layer?.turns) turn(null);
      move(first);
    },
    hover: (at, event) => point(kind.hit(at, viewport, plot()), event),
    click: () => undefined,
  });
  void view.initialize(canvas).runAsync();
  drawLayer();
  if (layer) view.addSignalListener(MAP_SIGNALS.focus, drawLayer);
  drawn.set(element, () => {
    gestures.destroy();
    view.finalize();
  });
}

function layerOf({ layer, theme }: StandalonePayload, whole: Viewport): StandaloneLayer | null {
  if (!layer) return null;
  return new StandaloneLayer(unpackPoints(layer), theme === "dark" ? DARK_THEME : LIGHT_THEME, whole, layer.turn);
}

function mapKind(spec: Spec, { tooltips, pictures }: StandalonePayload, layer: StandaloneLayer | null): Kind {
  const values = dataOf<{ x: number; y: number; c: number }>(spec, MAP_DATA.points);
  const points = { x: Float32Array.from(values, ({ x }) => x), y: Float32Array.from(values, ({ y }) => y) };
  const nearest = (at: Place | null, view: Viewport, plot: Size): number =>
    layer ? layer.hover(at, view, plot) : at ? gridOf(points).nearest(view, plot, at, REACH) : -1;
  return {
    hovered: MAP_DATA.hovered,
    topDown: false,
    keep: (view) => view,
    gap: () => 14,
    hit: (at, view, plot) => {
      const index = nearest(at, view, plot);
      if (index < 0) return null;
      const mark = values[index] ?? { item: index };
      return { text: tooltips[index] ?? "", pictures: picturesOf(pictures, [index]), mark: { ...mark } };
    },
  };
}

function heatmapKind(spec: Spec, { tooltips, values, pictures, theme }: StandalonePayload): Kind {
  const n = tooltips.length;
  const valueAt = values ? unpackValues(values, n) : null;
  const groups = dataOf<{ name: string; from: number; to: number }>(spec, HEATMAP_DATA.groups);
  const bands = groups.length > 0 ? groupRoom(theme === "dark" ? DARK_THEME : LIGHT_THEME) : 0;
  return {
    hovered: HEATMAP_DATA.hovered,
    topDown: true,
    keep: (view) => clampViewport(view, heatmapBounds(n)),
    gap: cellGap,
    hit: (at, view, plot) => {
      const place = at && cellsAt(at, view, { ...plot, groups: bands }, n);
      if (!place) return null;
      const { row, col, on } = place;
      if (on === "group") {
        const name = groups.find(({ from, to }) => row >= from && row < to)?.name ?? "";
        return { text: name, pictures: [], mark: null };
      }
      const itself = row === col ? " to itself" : "";
      const value = on === "cell" && valueAt ? `Similarity${itself} ${withMinus(valueAt(row, col).toFixed(3))}` : null;
      const lines = [value, tooltips[row], row === col ? null : tooltips[col]];
      const text = lines.filter((line) => line !== null).join("\n\n");
      const mark = on === "cell" ? { row, col } : null;
      return { text, pictures: picturesOf(pictures, row === col ? [row] : [row, col]), mark };
    },
  };
}

function dataOf<T>(spec: Spec, name: string): T[] {
  const found = spec.data?.find((data) => data.name === name);
  return found && "values" in found && Array.isArray(found.values) ? (found.values as T[]) : [];
}

function signalOf(spec: Spec, name: string): [number, number] {
  const found = spec.signals?.find((signal) => "name" in signal && signal.name === name);
  return found && "value" in found ? (found.value as [number, number]) : [0, 1];
}

const picturesOf = (pictures: StandalonePayload["pictures"], index: number[]): string[] =>
  index.flatMap((i) => pictures?.[i] ?? []);

function pictureRow(urls: string[]): HTMLElement {
  const row = document.createElement("div");
  Object.assign(row.style, { display: "flex", gap: "6px", alignItems: "end" });
  for (const url of urls) {
    const picture = document.createElement("img");
    picture.src = url;
    picture.alt = "";
    Object.assign(picture.style, { maxHeight: "128px", maxWidth: "150px", marginBottom: "4px" });
    row.append(picture);
  }
  return row;
}

/** Styled by properties: the page's policy allows no style attributes. */
function tooltip(dark: boolean): HTMLElement {
  const element = document.createElement("div");
  element.id = "lens-tooltip";
  element.setAttribute("role", "tooltip");
  element.hidden = true;
  Object.assign(element.style, {
    position: "fixed",
    left: "0",
    top: "0",
    zIndex: "1",
    maxWidth: "340px",
    padding: "6px 8px",
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
    pointerEvents: "none",
    font: "13px/1.4 system-ui, sans-serif",
    color: dark ? "#cccccc" : "#222222",
    background: dark ? "#252526" : "#ffffff",
    border: `1px solid ${dark ? "#454545" : "#c8c8c8"}`,
    borderRadius: "3px",
  });
  return element;
}

function place(element: HTMLElement, { clientX, clientY }: MouseEvent, gap: number): void {
  const { clientWidth, clientHeight } = document.documentElement;
  const { x, y } = beside(
    { x: clientX, y: clientY },
    gap,
    { width: element.offsetWidth, height: element.offsetHeight },
    { width: clientWidth, height: clientHeight },
  );
  element.style.transform = `translate(${x}px, ${y}px)`;
}

Object.assign(globalThis, { drawEmbeddingLens });
