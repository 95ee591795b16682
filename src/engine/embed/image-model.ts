import { join } from "node:path";
import type { LocalModel } from "../../protocol/engine";
import { LensError } from "../../protocol/errors";
import type { Item } from "../types";
import { inOrderAhead } from "./ahead";
import type { EmbeddedBatch, Embedder } from "./embedder";
import { openImageNet, type ImageNet } from "./image-net";
import { decodePicture, PictureError } from "./picture";
import { toTensor, type ToTensor } from "./pixels";

/** Pictures decoded while one is embedded: as many as libuv has threads by default. */
const DECODE_AHEAD = 4;

/** @throws LensError "model": not an ONNX file, not a picture model, or it cannot run here */
export async function openImageModel({ card, folder }: LocalModel): Promise<Embedder> {
  const file = card.files.find(({ name }) => name.toLowerCase().endsWith(".onnx"));
  if (file === undefined) throw new LensError("model", `The model “${card.id}” has no .onnx file.`);
  return new ImageModel(await openImageNet(join(folder, file.name), card), card.normalize);
}

class ImageModel implements Embedder {
  readonly dims: number;
  readonly tensor: string;
  /** Enough to keep the decoders busy, few enough to report and cancel between them. */
  readonly batchSize = 16;
  private readonly toTensor: ToTensor;
  /** Inputs of the network that are not in use: one for each batch that is here at once. */
  private readonly spare: Float32Array[] = [];

  constructor(
    private readonly net: ImageNet,
    private readonly normalize: boolean,
  ) {
    this.dims = net.dims;
    this.tensor = net.tensor;
    this.toTensor = toTensor(net.input);
  }

  /** May be called again before it has answered: the pictures of the second batch are then decoded meanwhile. */
  async embed(items: readonly Item[]): Promise<EmbeddedBatch> {
    const data = new Float32Array(items.length * this.dims);
    const failed: EmbeddedBatch["failed"] = [];
    let at = 0;
    for await (const picture of inOrderAhead(items, DECODE_AHEAD, (item) => this.decode(item))) {
      if (picture instanceof Uint8Array) {
        const tensor = this.toTensor(picture, this.spare.pop());
        const vector = await this.net.run(tensor);
        this.spare.push(tensor);
        data.set(this.normalize ? unit(vector) : vector, at * this.dims);
      } else if (picture instanceof PictureError) failed.push({ at, reason: picture.message });
      else throw picture;
      at++;
    }
    return { data, failed };
  }

  dispose(): Promise<void> {
    return this.net.close();
  }

  private decode({ file }: Item): Promise<Uint8Array | Error> {
    if (file === undefined) return Promise.resolve(new PictureError("it has no picture file"));
    return decodePicture(file, this.net.input).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
  }
}

/** The vector scaled to length 1; a zero vector stays zero. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? vector.map((value) => value / length) : vector;
}
