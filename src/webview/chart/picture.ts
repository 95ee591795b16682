import type { Spec } from "vega";
import { crispImages } from "../../charts/svg";
import { offscreen } from "./vega";

/** The chart as a drawing. */
export async function toSvg(spec: Spec): Promise<string> {
  const view = offscreen(spec);
  try {
    return crispImages(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/** The chart as PNG bytes with `scale` pixels a pixel. */
export async function toPng(spec: Spec, scale = 2): Promise<Uint8Array> {
  const view = offscreen(spec);
  try {
    const canvas = await view.toCanvas(scale);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!blob) throw new Error("The picture could not be made: it is too large. Make the panel smaller and try again.");
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    view.finalize();
  }
}
