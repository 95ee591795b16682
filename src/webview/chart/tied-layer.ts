import type { MapData } from "../../charts/data";
import { pointLook } from "../../charts/layer";
import { tieShares, tiesOf, type Tie } from "../../charts/ties";
import { el } from "../dom";
import type { Plot } from "./gestures";
import type { LayerLook } from "./point-layer";
import { ImagePoints } from "./points-image";

/** How much of the chart stays under the layer. */
const DIM = 0.75;

/** A node of a network with its ties and the nodes at their other ends, over the rest, which it dims. */
export class TiedLayer {
  readonly element = el("div", { class: "tied" });
  readonly #lines = document.createElement("canvas");
  readonly #context = this.#lines.getContext("2d")!;
  readonly #points = new ImagePoints();

  constructor() {
    this.element.append(this.#lines, this.#points.element);
  }

  /** @param grow whether points grow where a part of them fills the plot */
  draw(plot: Plot, scene: LayerLook, grow: boolean): void {
    const { data, hovered, viewport, whole } = scene;
    this.element.classList.toggle("shown", hovered >= 0);
    if (hovered < 0) return;
    for (const side of ["left", "top", "width", "height"] as const) this.element.style[side] = `${plot[side]}px`;
    const dense = window.devicePixelRatio;
    const width = Math.max(1, Math.round(plot.width * dense));
    const height = Math.max(1, Math.round(plot.height * dense));
    const look = pointLook(data, { ...scene, viewport: grow ? viewport : whole });
    const ties = tiesOf(data.ties!, hovered);
    this.#drawLines(scene, ties, look.radius, width, height, dense);
    const shown = only(data, [...ties.map(({ other }) => other), hovered]);
    this.#points.draw({ data: shown, viewport, look, width, height, dense });
  }

  #drawLines(
    { data, viewport, theme, hovered }: LayerLook,
    ties: readonly Tie[],
    radius: number,
    width: number,
    height: number,
    dense: number,
  ): void {
    Object.assign(this.#lines, { width, height });
    const context = this.#context;
    context.globalAlpha = DIM;
    context.fillStyle = theme.background;
    context.fillRect(0, 0, width, height);
    context.globalAlpha = 1;
    const sx = width / (viewport.x[1] - viewport.x[0]);
    const sy = height / (viewport.y[1] - viewport.y[0]);
    const at = (node: number): [number, number] => [
      (data.x[node]! - viewport.x[0]) * sx,
      height - (data.y[node]! - viewport.y[0]) * sy,
    ];
    const share = tieShares(data.ties!.weight);
    context.strokeStyle = theme.foreground;
    for (const { other, tie } of ties) {
      context.beginPath();
      context.moveTo(...at(hovered));
      context.lineTo(...at(other));
      context.lineWidth = (0.8 + 1.6 * share[tie]!) * dense;
      context.stroke();
    }
    context.beginPath();
    context.arc(...at(hovered), (radius * (data.size?.[hovered] ?? 1) + 2.5) * dense, 0, 2 * Math.PI);
    context.lineWidth = 1.5 * dense;
    context.stroke();
  }
}

/** Some points of a map alone. */
function only(data: MapData, at: readonly number[]): MapData {
  const pick = (from: Float32Array): Float32Array => Float32Array.from(at, (i) => from[i]!);
  return {
    ...data,
    x: pick(data.x),
    y: pick(data.y),
    ...(data.size && { size: pick(data.size) }),
    category: Int32Array.from(at, (i) => data.category[i]!),
  };
}
