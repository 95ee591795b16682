import type { MapData } from "../../charts/data";
import { CROWD, MAP_DATA, MAP_SIGNALS, mapLayout, mapSpec, place } from "../../charts/map";
import type { ChartTheme } from "../../charts/theme";
import {
  fitViewport,
  nearestPoint,
  nextPoint,
  panViewport,
  zoomViewport,
  type Direction,
  type Size,
  type Viewport,
} from "../../charts/viewport";
import { Gestures, type Plot } from "./gestures";
import { PointLayer } from "./point-layer";
import { FIRST_TURN, turnBounds, turnBy, turned, type Turn } from "../../charts/turn";
import { REACH } from "./reach";
import { Stage } from "./stage";

const MOST_ZOOM = 2_000;

export interface MapListener {
  /** An item of the result, null when the pointer leaves it; in pixels of the page. */
  hover(index: number | null, x: number, y: number): void;
  pick(index: number, add: boolean): void;
}

export interface MapLook {
  theme: ChartTheme;
  size: Size;
  /** Items of the result. */
  selected: readonly number[];
  focus: number;
}

/** The map on the page: zoom, pan, hover and choice over the drawn spec. */
export class MapChart {
  readonly #stage: Stage;
  readonly #gestures: Gestures;
  readonly #layer = new PointLayer();
  /** As it was given; `#data` is how it is seen. */
  #given: MapData | null = null;
  #turn: Turn = FIRST_TURN;
  #data: MapData | null = null;
  #look: MapLook | null = null;
  #viewport: Viewport | null = null;
  #hovered = -1;
  /** Whether somebody has zoomed or moved: a new size then keeps the view. */
  #moved = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly listener: MapListener,
  ) {
    this.#stage = new Stage(element, () => this.#drawLayer());
    element.append(this.#layer.element);
    this.#gestures = new Gestures(element, {
      plot: () => this.#plot(),
      zoom: (factor, at) => this.#zoom(factor, at),
      // A map of three dimensions is turned by the hand that moves one of two.
      pan: (by) => (this.#given?.z ? this.#see(turnBy(this.#turn, by)) : this.#move(panViewport(this.#viewport!, by))),
      reset: () => this.#reset(),
      hover: (at, event) => this.#hover(at, event),
      click: (at, event) => {
        const hit = this.#hit(at);
        if (hit >= 0) listener.pick(this.#data!.index[hit]!, event.ctrlKey || event.metaKey || event.shiftKey);
      },
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
    await this.#stage.show(this.spec());
  }

  /** The chart as it is shown, with its legend inside for a file. */
  spec(legend = false): ReturnType<typeof mapSpec> {
    const { theme, size, focus } = this.#look!;
    const data = this.#data!;
    // A file has all its points in the drawing; on the page a crowd has a layer of its own.
    const points = legend || !this.#crowded();
    const extra = legend ? mapLayout(data, { ...size, theme, legend }).padding.right - this.#layout().padding.right : 0;
    return mapSpec(data, {
      theme,
      width: size.width + extra,
      height: size.height,
      legend,
      points,
      viewport: this.#viewport!,
      focus,
      selected: points ? this.#positions() : [],
    });
  }

  /** Choice and focus without drawing anew. */
  mark(selected: readonly number[], focus: number): void {
    if (!this.#look || !this.#data) return;
    this.#look = { ...this.#look, selected, focus };
    const data = this.#data;
    const { view } = this.#stage;
    if (!view) return;
    view.data(MAP_DATA.selected, this.#crowded() ? [] : this.#positions().map((at) => place(data, at)));
    view.signal(MAP_SIGNALS.focus, focus);
    this.#stage.refresh();
  }

  /** The item that an arrow key goes to from the one that is chosen. */
  next(direction: Direction): number | null {
    const data = this.#data;
    if (!data || data.x.length === 0) return null;
    const from = this.#positions().at(-1);
    const at = from === undefined ? 0 : nextPoint(data, from, direction);
    return at < 0 ? null : data.index[at]!;
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
    if (!crowded || !plot) return;
    const { theme, focus } = this.#look!;
    const look = { data: this.#data!, viewport: this.#viewport!, theme, focus };
    this.#layer.draw(plot, { ...look, selected: this.#positions(), hovered: this.#hovered });
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
    return this.#look!.selected.map((index) => this.#data!.index.indexOf(index)).filter((at) => at >= 0);
  }

  #hit(at: { x: number; y: number }): number {
    const plot = this.#plot();
    if (!plot || at.x < -REACH || at.y < -REACH || at.x > plot.width + REACH || at.y > plot.height + REACH) return -1;
    return nearestPoint(this.#data!, this.#viewport!, plot, at, REACH);
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
    this.#stage.view?.data(MAP_DATA.hovered, hit < 0 || this.#crowded() ? [] : [place(this.#data!, hit)]);
    this.#stage.refresh();
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
    const given = this.#given!;
    const { x, y } = given.z ? turnBounds(given) : given;
    return fitViewport(Float32Array.from(x), Float32Array.from(y), this.#layout());
  }

  #see(turn: Turn): void {
    this.#turn = turn;
    this.#data = turned(this.#given!, turn);
    this.#setHovered(-1);
    this.#stage.refresh();
  }

  #move(viewport: Viewport): void {
    this.#viewport = viewport;
    this.#moved = true;
    this.#stage.view?.signal(MAP_SIGNALS.x, viewport.x).signal(MAP_SIGNALS.y, viewport.y);
    this.#stage.refresh();
  }
}
