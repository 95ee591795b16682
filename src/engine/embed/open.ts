import type { LocalModel } from "../../protocol/engine";
import { LensError } from "../../protocol/errors";
import type { Embedder } from "./embedder";
import { openImageModel } from "./image-model";
import { openWords } from "./words";

/**
 * Loads a model in this thread.
 * @throws LensError "model" when it is broken or cannot run here
 */
export function openEmbedder(model: LocalModel): Promise<Embedder> {
  const { id, kind, runtime } = model.card;
  switch (runtime) {
    case "words":
      return openWords(model);
    case "onnx":
      if (kind === "image") return openImageModel(model);
      return Promise.reject(
        new LensError("model", `The model “${id}” is a text transformer: these come with a later version.`),
      );
  }
}
