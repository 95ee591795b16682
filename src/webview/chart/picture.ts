import type { Spec } from "vega";
import { besideSvg, crispImages, layOut } from "../../charts/svg";
import { offscreen } from "./vega";

/** One or two charts beside each other, or one over the other. */
export interface Picture {
  specs: readonly Spec[];
  across: boolean;
}

/** The charts as one drawing. */
export async function toSvg({ specs, across }: Picture): Promise<string> {
  const drawings: string[] = [];
  for (const spec of specs) {
    const view = offscreen(spec);
    try {
      drawings.push(crispImages(await view.toSVG()));
    } finally {
      view.finalize();
    }
  }
  return drawings.length === 1 ? drawings[0]! : besideSvg(drawings, across);
}

/** The charts as PNG bytes with `scale` pixels a pixel. */
export async function toPng({ specs, across }: Picture, scale = 2): Promise<Uint8Array> {
  const canvases: HTMLCanvasElement[] = [];
  for (const spec of specs) {
    const view = offscreen(spec);
    try {
      canvases.push(await view.toCanvas(scale));
    } finally {
      view.finalize();
    }
  }
  const canvas = canvases.length === 1 ? canvases[0]! : besideCanvas(canvases, across, specs[0]?.background);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("The picture could not be made: it is too large. Make the panel smaller and try again.");
  return new Uint8Array(await blob.arrayBuffer());
}

function besideCanvas(
  canvases: readonly HTMLCanvasElement[],
  across: boolean,
  background: Spec["background"],
): HTMLCanvasElement {
  const { places, width, height } = layOut(canvases, across);
  const whole = document.createElement("canvas");
  Object.assign(whole, { width, height });
  const context = whole.getContext("2d")!;
  context.fillStyle = typeof background === "string" ? background : "transparent";
  context.fillRect(0, 0, width, height);
  canvases.forEach((canvas, i) => context.drawImage(canvas, places[i]!.x, places[i]!.y));
  return whole;
}
