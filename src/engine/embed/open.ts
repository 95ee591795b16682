import type { LocalModel } from "../../protocol/engine";
import { LensError } from "../../protocol/errors";
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
    case "remote":
      return Promise.reject(new LensError("model", `${model.card.name} runs on a server, not in a thread.`));
  }
}
