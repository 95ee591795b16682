import { join } from "node:path";
import card from "../../models/glove-100d/card.json";
import type { LocalModel } from "../../src/protocol/engine";
import type { ModelCard } from "../../src/protocol/models";

export const root = join(__dirname, "../..");

/** The built-in text model as it lies in the repository. */
export const glove: LocalModel = { card: card as ModelCard, folder: join(root, "models/glove-100d") };
