import type { MapData } from "../../charts/data";
import { pointLook } from "../../charts/layer";
import type { ChartTheme } from "../../charts/theme";
import type { Viewport } from "../../charts/viewport";
import { el } from "../dom";
import type { Plot } from "./gestures";
import { GlPoints } from "./points-gl";
import { ImagePoints } from "./points-image";
import type { PointsRenderer } from "./points";

export interface LayerLook {
  data: MapData;
  theme: ChartTheme;
  viewport: Viewport;
  /** Shows all points. */
  whole: Viewport;
  focus: number;
  /** Positions in the columns of the data. */
  selected: readonly number[];
  /** -1 for none. */
  hovered: number;
}

/** From this many chosen points on their rings are thin. */
const MANY = 30;

/** The points of a crowded map, between Vega's axes and the pointer, and over them the rings of what is chosen. */
export class PointLayer {
  readonly element = el("div", { class: "points", hidden: true });
  readonly #rings = document.createElement("canvas");
  readonly #context = this.#rings.getContext("2d")!;
  #renderer: PointsRenderer | null = null;
  #drawn = "";
  #of: MapData | null = null;
  #last: { plot: Plot; scene: LayerLook } | null = null;

  draw(plot: Plot, scene: LayerLook): void {
    this.#last = { plot, scene };
    const { data, theme, viewport, focus, whole } = scene;
    const dense = window.devicePixelRatio;
    const width = Math.max(1, Math.round(plot.width * dense));
    const height = Math.max(1, Math.round(plot.height * dense));
    Object.assign(this.element.style, {
      left: `${plot.left}px`,
      top: `${plot.top}px`,
      width: `${plot.width}px`,
      height: `${plot.height}px`,
    });
    const look = pointLook(data, { theme, focus, viewport, whole });
    // A hover moves a ring and no point.
    const key = JSON.stringify([viewport, look, width, height]);
    if (key !== this.#drawn || data !== this.#of) {
      this.#drawn = key;
      this.#of = data;
      this.#points().draw({ data, viewport, look, width, height, dense });
    }
    this.#drawRings(scene, look.radius, width, height, dense);
  }

  /** A graphics processor where there is one, for as long as it is there. */
  #points(): PointsRenderer {
    const known = this.#renderer;
    if (known && !(known instanceof GlPoints && known.lost)) return known;
    const renderer = (known ? null : GlPoints.start()) ?? new ImagePoints();
    this.element.dataset["by"] = renderer instanceof GlPoints ? "webgl2" : "image";
    this.element.replaceChildren(renderer.element, this.#rings);
    // A saved page has no style sheet for them.
    for (const canvas of [renderer.element, this.#rings]) {
      Object.assign(canvas.style, { position: "absolute", width: "100%", height: "100%" });
    }
    renderer.element.addEventListener("webglcontextlost", () => {
      this.#drawn = "";
      if (this.#last) this.draw(this.#last.plot, this.#last.scene);
    });
    return (this.#renderer = renderer);
  }

  #drawRings(
    { data, viewport, theme, hovered, selected }: LayerLook,
    radius: number,
    width: number,
    height: number,
    dense: number,
  ): void {
    if (this.#rings.width !== width || this.#rings.height !== height) {
      this.#rings.width = width;
      this.#rings.height = height;
    }
    const context = this.#context;
    context.clearRect(0, 0, width, height);
    const sx = width / (viewport.x[1] - viewport.x[0]);
    const sy = height / (viewport.y[1] - viewport.y[0]);
    const ring = (at: number, gap: number): void => {
      const x = (data.x[at]! - viewport.x[0]) * sx;
      const y = height - (data.y[at]! - viewport.y[0]) * sy;
      if (x < -20 || y < -20 || x > width + 20 || y > height + 20) return;
      const around = (radius * (data.size?.[at] ?? 1) + gap) * dense;
      context.moveTo(x + around, y);
      context.arc(x, y, around, 0, 2 * Math.PI);
    };
    const stroke = (positions: readonly number[], gap: number, lineWidth: number, color: string): void => {
      context.beginPath();
      for (const at of positions) ring(at, gap);
      context.lineWidth = lineWidth * dense;
      context.strokeStyle = color;
      context.stroke();
    };
    if (selected.length > MANY) stroke(selected, 1, 1.25, theme.accent);
    else stroke(selected, 4, 2.5, theme.accent);
    if (hovered >= 0) stroke([hovered], 2.5, 1.5, theme.foreground);
  }
}
