import { LensError } from "../protocol/errors";
import type { ImageInput } from "../protocol/models";
import { numberIn, objectIn, type JsonObject } from "./hub-files";

/** PIL's numbers of its filters; box (4) and Hamming (5) have no twin here, and the nearest one is linear. */
const KERNELS: Record<number, ImageInput["kernel"]> = {
  0: "nearest",
  1: "lanczos3",
  2: "linear",
  3: "cubic",
  4: "linear",
  5: "linear",
};
const DEFAULT_SIDE = 224;
/** ConvNeXT stretches from this side on, where smaller pictures lose their rim. */
const STRETCHED_FROM = 384;

/**
 * How a preprocessor_config.json of transformers prepares a picture.
 * @param name what an error calls the model
 * @throws LensError "model" when the values make no sense
 */
export function imageInput(config: JsonObject, name: string): ImageInput {
  const rescale = config["do_rescale"] !== false;
  const normalize = config["do_normalize"] !== false;
  // EfficientNet's rescale_offset takes 1 from the rescaled value: the same as a larger mean.
  const offset = rescale && config["rescale_offset"] === true ? 1 : 0;
  const mean = normalize ? channels(config, "image_mean", 0.5, name) : ([0, 0, 0] as const);
  const std = normalize ? channels(config, "image_std", 0.5, name) : ([1, 1, 1] as const);
  const input: ImageInput = {
    ...geometry(config),
    kernel: KERNELS[numberIn(config, "resample") ?? 2] ?? "linear",
    order: config["do_flip_channel_order"] === true ? "bgr" : "rgb",
    scale: rescale ? (numberIn(config, "rescale_factor") ?? 1 / 255) : 1,
    mean: [mean[0] + offset, mean[1] + offset, mean[2] + offset],
    std: [...std],
  };
  const sides = [...input.size, input.resizeTo];
  if (sides.every((side) => Number.isInteger(side) && side > 0 && side <= 4096)) return input;
  throw new LensError("model", `The preprocessor_config.json of ${name} asks for ${sides.join(" × ")} pixels.`);
}

/** Size, fit and resizeTo from `size`, `crop_size` and `crop_pct`, each in its old form (a number) or its new one. */
function geometry(config: JsonObject): Pick<ImageInput, "size" | "fit" | "resizeTo"> {
  const size = objectIn(config, "size");
  const edge = numberIn(size, "shortest_edge") ?? (size === null ? numberIn(config, "size") : undefined);
  const whole = pair(size);
  const percent = numberIn(config, "crop_pct");
  if (percent !== undefined && edge !== undefined) {
    return edge < STRETCHED_FROM
      ? { size: [edge, edge], fit: "crop", resizeTo: Math.floor(edge / percent) }
      : { size: [edge, edge], fit: "stretch", resizeTo: edge };
  }
  if (config["do_center_crop"] === true || (edge !== undefined && size !== null)) {
    const resizeTo = edge ?? Math.min(...(whole ?? [DEFAULT_SIDE]));
    const cropEdge = numberIn(config, "crop_size");
    const crop = pair(objectIn(config, "crop_size")) ?? (cropEdge === undefined ? null : square(cropEdge));
    const cut = crop ?? square(resizeTo);
    // Resizing is off: the picture is made large enough for the cut, as nothing else could be cut from it.
    return { size: cut, fit: "crop", resizeTo: config["do_resize"] === false ? Math.max(...cut) : resizeTo };
  }
  const stretched = whole ?? square(edge ?? DEFAULT_SIDE);
  return { size: stretched, fit: "stretch", resizeTo: Math.min(...stretched) };
}

const square = (side: number): [number, number] => [side, side];

function pair(size: JsonObject | null): [number, number] | null {
  const [height, width] = [numberIn(size, "height"), numberIn(size, "width")];
  return height === undefined || width === undefined ? null : [height, width];
}

/** One number for each channel. */
function channels(config: JsonObject, key: string, fallback: number, name: string): [number, number, number] {
  const value = config[key] ?? [fallback, fallback, fallback];
  if (Array.isArray(value) && value.length === 3 && value.every((one) => Number.isFinite(one))) {
    return value as [number, number, number];
  }
  throw new LensError("model", `The preprocessor_config.json of ${name} has no three numbers at “${key}”.`);
}
