import { splat } from "../../charts/splat";
import type { LayerScene, PointsRenderer } from "./points";

/** Points in plain arrays: works on every machine. */
export class ImagePoints implements PointsRenderer {
  readonly element = document.createElement("canvas");
  readonly #context = this.element.getContext("2d")!;
  #image = new ImageData(1, 1);

  draw({ data, viewport, look, width, height, dense }: LayerScene): void {
    if (this.#image.width !== width || this.#image.height !== height) {
      this.#image = new ImageData(width, height);
      this.element.width = width;
      this.element.height = height;
    }
    const canvas = { pixels: this.#image.data, width, height };
    splat(canvas, { points: data, viewport, ...look, radius: look.radius * dense });
    this.#context.putImageData(this.#image, 0, 0);
  }
}
