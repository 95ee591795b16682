import type { MapData } from "../../charts/data";
import { categoryStyles, FAINT, pointArea, pointOpacity } from "../../charts/map";
import { categoryStyle } from "../../charts/palette";
import { splat } from "../../charts/splat";
import type { ChartTheme } from "../../charts/theme";
import type { Viewport } from "../../charts/viewport";
import type { Plot } from "./gestures";

export interface LayerLook {
  data: MapData;
  theme: ChartTheme;
  viewport: Viewport;
  focus: number;
  /** Positions in the columns of the data. */
  selected: readonly number[];
  /** -1 for none. */
  hovered: number;
}

/** The points of a crowded map on a canvas of their own, between Vega's axes and the pointer. */
export class PointLayer {
  readonly element = document.createElement("canvas");
  readonly #context = this.element.getContext("2d")!;
  #image = new ImageData(1, 1);

  constructor() {
    this.element.className = "points";
    this.element.hidden = true;
  }

  draw(plot: Plot, look: LayerLook): void {
    const { data, theme, viewport, focus } = look;
    const dense = window.devicePixelRatio;
    const width = Math.max(1, Math.round(plot.width * dense));
    const height = Math.max(1, Math.round(plot.height * dense));
    if (this.#image.width !== width || this.#image.height !== height) {
      this.#image = new ImageData(width, height);
      this.element.width = width;
      this.element.height = height;
    }
    Object.assign(this.element.style, {
      left: `${plot.left}px`,
      top: `${plot.top}px`,
      width: `${plot.width}px`,
      height: `${plot.height}px`,
    });
    const styles =
      data.categories.length > 0 ? categoryStyles(data.categories, theme) : [categoryStyle(0, theme.shade)];
    const strong = pointOpacity(data.x.length);
    const radius = Math.sqrt(pointArea(data.x.length) / Math.PI);
    splat(
      { pixels: this.#image.data, width, height },
      {
        points: data,
        viewport,
        styles,
        opacity: styles.map((_, category) => (focus === -1 || focus === category ? strong : FAINT)),
        radius: radius * dense,
      },
    );
    this.#context.putImageData(this.#image, 0, 0);
    const ring = (at: number, gap: number, lineWidth: number, color: string): void => {
      const x = ((data.x[at]! - viewport.x[0]) / (viewport.x[1] - viewport.x[0])) * width;
      const y = height - ((data.y[at]! - viewport.y[0]) / (viewport.y[1] - viewport.y[0])) * height;
      this.#context.beginPath();
      this.#context.arc(x, y, (radius + gap) * dense, 0, 2 * Math.PI);
      this.#context.lineWidth = lineWidth * dense;
      this.#context.strokeStyle = color;
      this.#context.stroke();
    };
    if (look.hovered >= 0) ring(look.hovered, 2.5, 1.5, theme.foreground);
    for (const at of look.selected) ring(at, 4, 2.5, theme.accent);
  }
}
