import type { Frame } from "../../charts/compare";
import type { MapData } from "../../charts/data";
import { gridOf } from "../../charts/grid";
import { pointLook, pointPicture } from "../../charts/layer";
import { CROWD, MAP_DATA, MAP_SIGNALS, mapLayout, mapSpec, outCategory } from "../../charts/map";
import { place } from "../../charts/place";
import type { ChartTheme } from "../../charts/theme";
import { nextPoint, panViewport, zoomViewport, type Direction, type Size, type Viewport } from "../../charts/viewport";
import { MARKS_LIMIT } from "../../protocol/constants";
import { Gestures, type Plot } from "./gestures";
import { Lasso } from "./lasso";
import { PointLayer } from "./point-layer";
import { FIRST_TURN, turnBy, turned, wholeViewport, type Turn } from "../../charts/turn";
import { REACH } from "./reach";
import { Stage } from "./stage";
import { TiedLayer } from "./tied-layer";

const MOST_ZOOM = 2_000;

export interface MapListener {
  /** An item of the result, null when the pointer leaves it; in pixels of the page. */
  hover(index: number | null, x: number, y: number): void;
  pick(index: number, add: boolean): void;
  /** Items of the result, ascending, that a hand has drawn around. */
  pickMany(index: number[], add: boolean): void;
  /** A hand has zoomed, moved or turned the map. */
  look?(seen: Seen): void;
}

/** How a map is looked at. */
export interface Seen {
  viewport: Viewport;
  turn: Turn;
  /** False: as it was at first. */
  moved: boolean;
}

/** How a map stands in a file. */
export interface InFile {
  legend: boolean;
  /** In place of the data's own. */
  title?: string;
}

export interface MapLook {
  theme: ChartTheme;
  size: Size;
  /** Items of the result. */
  selected: readonly number[];
  focus: number;
  /** What "all" is; absent: the points themselves. */
  frame?: Frame;
}

/** The map on the page: zoom, pan, hover and choice over the drawn spec. */
export class MapChart {
  readonly #stage: Stage;
  readonly #gestures: Gestures;
  readonly #layer = new PointLayer();
  readonly #tied = new TiedLayer();
  readonly #lasso = new Lasso();
  /** As it was given; `#data` is how it is seen. */
  #given: MapData | null = null;
  #turn: Turn = FIRST_TURN;
  #data: MapData | null = null;
  #look: MapLook | null = null;
  #viewport: Viewport | null = null;
  #hovered = -1;
  #fitted: { of: Float32Array; key: string; viewport: Viewport } | null = null;
  #positionsOf: { index: Int32Array; at: Map<number, number> } | null = null;
  /** What the axes that are drawn were made of, where points have a layer of their own. */
  #axes = "";
  /** Whether somebody has zoomed or moved: a new size then keeps the view. */
  #moved = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly listener: MapListener,
  ) {
    this.#stage = new Stage(element, () => this.#drawLayer());
    element.append(this.#layer.element, this.#tied.element, this.#lasso.element);
    this.#gestures = new Gestures(element, {
      plot: () => this.#plot(),
      zoom: (factor, at) => this.#told(() => this.#zoom(factor, at)),
      // A map of three dimensions is turned by the hand that moves one of two.
      pan: (by) =>
        this.#told(() =>
          this.#given?.z ? this.#see(turnBy(this.#turn, by)) : this.#move(panViewport(this.#viewport!, by)),
        ),
      reset: () => this.#told(() => this.#reset()),
      hover: (at, event) => this.#hover(at, event),
      click: (at, event) => {
        const hit = this.#hit(at);
        if (hit >= 0) listener.pick(this.#data!.index[hit]!, event.ctrlKey || event.metaKey || event.shiftKey);
      },
      outline: (corners, done, event) => this.#outline(corners, done, event.ctrlKey || event.metaKey),
    });
  }

  /** @param fresh other points than before: shows all of them */
  async draw(data: MapData, look: MapLook, fresh: boolean): Promise<void> {
    this.#given = data;
    this.#data = turned(data, this.#turn);
    this.#look = look;
    if (fresh || !this.#viewport || !this.#moved) {
      this.#viewport = this.#whole();
      this.#moved = false;
    }
    this.#setHovered(-1);
    // Behind a layer there are axes alone: other colours of the same places need no new ones.
    const { title, axes, ticks, ties } = data;
    const behind = this.#crowded() && !ties ? JSON.stringify([title, axes, ticks, look.theme, look.size]) : "";
    if (behind !== "" && behind === this.#axes && this.#stage.view) return this.#move(this.#viewport, this.#moved);
    this.#axes = behind;
    await this.#stage.show(this.spec());
  }

  /** The chart as it is shown; in a file it may have its legend inside and a title. */
  spec(file?: InFile): ReturnType<typeof mapSpec> {
    const { theme, size, focus } = this.#look!;
    const data = file?.title === undefined ? this.#data! : { ...this.#data!, title: file.title };
    const legend = file?.legend ?? false;
    // A file has all its points in the drawing; on the page a crowd has a layer of its own.
    const points = file !== undefined || !this.#crowded();
    // What a file has besides does not make the plot smaller.
    const [padding, own] = [mapLayout(data, { ...size, theme, legend }).padding, this.#layout().padding];
    return mapSpec(data, {
      theme,
      width: size.width + padding.right - own.right,
      height: size.height + padding.top - own.top,
      legend,
      points,
      viewport: this.#viewport!,
      focus,
      selected: points ? this.#positions() : [],
      ...(file && data.x.length > MARKS_LIMIT && { picture: this.#picture() }),
    });
  }

  /** The points as a picture for a file: more of them than a drawing carries one by one. */
  #picture(): HTMLCanvasElement {
    const { theme, focus } = this.#look!;
    const data = this.#data!;
    const viewport = this.#viewport!;
    const look = pointLook(data, { theme, focus, viewport, whole: this.#whole() });
    const { pixels, width, height } = pointPicture(data, look, viewport, this.#layout(), 2);
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    canvas.getContext("2d")!.putImageData(new ImageData(pixels, width, height), 0, 0);
    return canvas;
  }

  /** Choice and focus without drawing anew. */
  mark(selected: readonly number[], focus: number): void {
    if (!this.#look || !this.#data) return;
    this.#look = { ...this.#look, selected, focus };
    const data = this.#data;
    const { view } = this.#stage;
    if (!view) return;
    if (this.#crowded() && !data.ties) return this.#stage.refresh(false);
    view.data(MAP_DATA.selected, this.#crowded() ? [] : this.#positions().map((at) => place(data, at)));
    view.signal(MAP_SIGNALS.focus, focus);
    this.#stage.refresh();
  }

  /** The item that an arrow key goes to from the one that is chosen. */
  next(direction: Direction): number | null {
    const data = this.#data;
    if (!data || data.x.length === 0) return null;
    const from = this.#positions().at(-1);
    const counts = (position: number): boolean => this.#counts(position);
    const at =
      from === undefined ? data.category.findIndex((_, i) => counts(i)) : nextPoint(data, from, direction, counts);
    return at < 0 ? null : data.index[at]!;
  }

  /** Looks as another map of the same size is looked at. */
  follow({ viewport, turn, moved }: Seen): void {
    if (!this.#given || !this.#viewport) return;
    if (this.#given.z) this.#see(turn);
    this.#move(viewport, moved);
  }

  /** Marks an item as if the pointer were on it; null for none. */
  point(item: number | null): void {
    if (this.#data) this.#setHovered(item === null ? -1 : (this.#places().get(item) ?? -1));
  }

  get turn(): Turn {
    return this.#turn;
  }

  /** A key that zooms or moves. */
  key(event: KeyboardEvent): void {
    this.#gestures.key(event);
  }

  destroy(): void {
    this.#gestures.destroy();
    this.#stage.clear();
  }

  #crowded(): boolean {
    return this.#data !== null && (this.#data.x.length > CROWD || this.#data.z !== undefined);
  }

  #drawLayer(): void {
    const crowded = this.#crowded();
    this.#layer.element.hidden = !crowded;
    const plot = this.#plot();
    if (!plot) return;
    const { theme, focus } = this.#look!;
    const look = { data: this.#data!, viewport: this.#viewport!, whole: this.#whole(), theme, focus };
    const scene = { ...look, selected: this.#positions(), hovered: this.#hovered };
    if (crowded) this.#layer.draw(plot, scene);
    if (scene.data.ties) this.#tied.draw(plot, scene, crowded);
  }

  #layout(): ReturnType<typeof mapLayout> {
    return mapLayout(this.#data!, { ...this.#look!.size, theme: this.#look!.theme });
  }

  #plot(): Plot | null {
    if (!this.#data || !this.#viewport) return null;
    const { padding, width, height } = this.#layout();
    return { left: padding.left, top: padding.top, width, height };
  }

  /** Where the chosen items stand in the columns; those that are not drawn are left out. */
  #positions(): number[] {
    const { selected } = this.#look!;
    if (selected.length === 0) return [];
    const at = this.#places();
    return selected.flatMap((item) => at.get(item) ?? []);
  }

  /** The position of each item that is drawn. */
  #places(): Map<number, number> {
    const { index } = this.#data!;
    if (this.#positionsOf?.index !== index) {
      this.#positionsOf = { index, at: new Map(Array.from(index, (item, at) => [item, at])) };
    }
    return this.#positionsOf.at;
  }

  #hit(at: { x: number; y: number }): number {
    const plot = this.#plot();
    if (!plot || at.x < -REACH || at.y < -REACH || at.x > plot.width + REACH || at.y > plot.height + REACH) return -1;
    return gridOf(this.#data!).nearest(this.#viewport!, plot, at, REACH, (i) => this.#counts(i));
  }

  /** What a filter leaves out is seen but not met. */
  #counts(position: number): boolean {
    const data = this.#data!;
    return data.category[position] !== outCategory(data);
  }

  #outline(corners: number[] | null, done: boolean, add: boolean): void {
    const plot = this.#plot();
    if (!plot || !corners || done) this.#lasso.hide();
    else this.#lasso.show(plot, corners);
    if (!plot || !corners || !done) return;
    const { x, y } = this.#viewport!;
    const outline = Float64Array.from(corners, (pixels, i) =>
      i % 2 === 0 ? x[0] + (pixels / plot.width) * (x[1] - x[0]) : y[1] - (pixels / plot.height) * (y[1] - y[0]),
    );
    const { index } = this.#data!;
    const found = gridOf(this.#data!)
      .inside(outline)
      .filter((at) => this.#counts(at));
    this.listener.pickMany(
      found.map((at) => index[at]!).sort((a, b) => a - b),
      add,
    );
  }

  #hover(at: { x: number; y: number } | null, event: PointerEvent): void {
    const hit = at ? this.#hit(at) : -1;
    this.#setHovered(hit);
    this.listener.hover(hit < 0 ? null : this.#data!.index[hit]!, event.clientX, event.clientY);
  }

  #setHovered(hit: number): void {
    if (hit === this.#hovered) return;
    this.#hovered = hit;
    this.element.classList.toggle("on-point", hit >= 0);
    if (this.#crowded()) return this.#stage.refresh(false);
    this.#stage.view?.data(MAP_DATA.hovered, hit < 0 ? [] : [place(this.#data!, hit)]);
    this.#stage.refresh();
  }

  /** Does what a hand wants and tells how the map is looked at then. */
  #told(act: () => void): void {
    act();
    this.listener.look?.({ viewport: this.#viewport!, turn: this.#turn, moved: this.#moved });
  }

  #zoom(factor: number, at: { x: number; y: number }): void {
    const whole = this.#whole();
    const now = (whole.x[1] - whole.x[0]) / (this.#viewport!.x[1] - this.#viewport!.x[0]);
    const allowed = Math.min(MOST_ZOOM, Math.max(0.5, now * factor)) / now;
    this.#move(zoomViewport(this.#viewport!, allowed, at));
  }

  #reset(): void {
    if (this.#given?.z) this.#see(FIRST_TURN);
    this.#move(this.#whole());
    this.#moved = false;
  }

  /** The viewport of everything, however it is turned. */
  #whole(): Viewport {
    const all = this.#look!.frame ?? this.#given!;
    const layout = this.#layout();
    const key = `${layout.width} ${layout.height}`;
    if (this.#fitted?.of !== all.x || this.#fitted.key !== key) {
      this.#fitted = { of: all.x, key, viewport: wholeViewport(all, layout) };
    }
    return this.#fitted.viewport;
  }

  #see(turn: Turn): void {
    this.#turn = turn;
    this.#data = turned(this.#given!, turn);
    this.#setHovered(-1);
    this.#stage.refresh();
  }

  #move(viewport: Viewport, moved = true): void {
    this.#viewport = viewport;
    this.#moved = moved;
    const { ticks, ties } = this.#data!;
    // Axes without numbers stay as they are.
    if (this.#crowded() && !ticks && !ties) return this.#stage.refresh(false);
    this.#stage.view?.signal(MAP_SIGNALS.x, viewport.x).signal(MAP_SIGNALS.y, viewport.y);
    this.#stage.refresh();
  }
}
