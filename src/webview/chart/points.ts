import type { MapData } from "../../charts/data";
import type { PointLook } from "../../charts/layer";
import type { Viewport } from "../../charts/viewport";

/** What is drawn, in pixels of the canvas: `dense` of them are one of the page. */
export interface LayerScene {
  data: MapData;
  viewport: Viewport;
  look: PointLook;
  width: number;
  height: number;
  dense: number;
}

/** Something that draws many points on a canvas of its own. */
export interface PointsRenderer {
  readonly element: HTMLCanvasElement;
  draw(scene: LayerScene): void;
}
