import type { LocalModel } from "../../protocol/engine";
import type { Embedder } from "./embedder";
import { openImageModel } from "./image-model";
import { openStaticModel } from "./static-model";
import { openTextModel } from "./text-model";
import { openWords } from "./words";

/**
 * Loads a model in this thread.
 * @throws LensError "model" when it is broken or cannot run here
 */
export function openEmbedder(model: LocalModel): Promise<Embedder> {
  const { kind, runtime } = model.card;
  switch (runtime) {
    case "words":
      return openWords(model);
    case "static":
      return openStaticModel(model);
    case "onnx":
      return kind === "image" ? openImageModel(model) : openTextModel(model);
  }
}
