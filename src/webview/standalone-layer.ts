import { gridOf } from "../charts/grid";
import type { MapData } from "../charts/data";
import type { ChartTheme } from "../charts/theme";
import { FIRST_TURN, turnBy, turned, type Turn } from "../charts/turn";
import type { Size, Viewport } from "../charts/viewport";
import type { Plot } from "./chart/gestures";
import { PointLayer } from "./chart/point-layer";
import { REACH } from "./chart/reach";

/** The points of a page that Vega does not draw: a crowd, or a map of three dimensions, which a hand turns. */
export class StandaloneLayer {
  readonly #points = new PointLayer();
  #turn: Turn;
  #data: MapData;
  #hovered = -1;

  /**
   * @param whole shows all points, however they are turned
   * @param first how they are turned at first
   */
  constructor(
    private readonly given: MapData,
    private readonly theme: ChartTheme,
    private readonly whole: Viewport,
    private readonly first: Turn = FIRST_TURN,
  ) {
    this.#turn = first;
    this.#data = turned(given, this.#turn);
    Object.assign(this.element.style, { position: "absolute", pointerEvents: "none" });
    this.element.hidden = false;
  }

  get element(): HTMLElement {
    return this.#points.element;
  }

  get turns(): boolean {
    return this.given.z !== undefined;
  }

  /** By shares of the plot; null: as it was at first. */
  turn(by: { x: number; y: number } | null): void {
    this.#turn = by ? turnBy(this.#turn, by) : this.first;
    this.#data = turned(this.given, this.#turn);
    this.#hovered = -1;
  }

  /** The item under the pointer, which then wears a ring; -1 for none. */
  hover(at: { x: number; y: number } | null, viewport: Viewport, plot: Size): number {
    this.#hovered = at ? gridOf(this.#data).nearest(viewport, plot, at, REACH) : -1;
    return this.#hovered < 0 ? -1 : this.#data.index[this.#hovered]!;
  }

  draw(viewport: Viewport, plot: Plot, focus: number): void {
    const { theme, whole } = this;
    this.#points.draw(plot, { data: this.#data, theme, viewport, whole, focus, selected: [], hovered: this.#hovered });
  }
}
