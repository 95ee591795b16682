import { DEFAULT_IMAGE_MODEL, SHARPER_IMAGE_MODEL, type ModelInfo } from "../protocol/models";
import type { RunResult } from "../protocol/result";
import type { Memento } from "./panel-records";

const KEY = "offeredSharperModel";

/** The offer of a sharper image model: made once, after the first map of pictures with the built-in one. */
export class Offer {
  constructor(private readonly memento: Memento) {}

  isFor(result: RunResult): boolean {
    return result.items.kind === "image" && result.model.id === DEFAULT_IMAGE_MODEL && !this.memento.get(KEY);
  }

  /** The model to offer, null when it is here already; it is not offered again. */
  async take(models: readonly ModelInfo[]): Promise<ModelInfo | null> {
    const sharper = models.find(({ card, state }) => card.id === SHARPER_IMAGE_MODEL && state === "absent") ?? null;
    if (sharper) await this.memento.update(KEY, true);
    return sharper;
  }
}
