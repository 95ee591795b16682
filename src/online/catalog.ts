import { join } from "node:path";
import * as v from "valibot";
import { LensError } from "../protocol/errors";
import type { ModelCard } from "../protocol/models";
import { parseCard, readCard, readJson } from "./card";

/** The models that the package knows. */
export interface Catalog {
  /** They ship with the package, in models/ID. */
  builtin: ModelCard[];
  /** They are downloaded when first used. */
  downloads: ModelCard[];
}

const schema = v.strictObject({ builtin: v.array(v.string()), downloads: v.array(v.unknown()) });

/** @throws LensError "model" when the installation is broken */
export async function readCatalog(packageRoot: string): Promise<Catalog> {
  const path = join(packageRoot, "models", "catalog.json");
  const parsed = v.safeParse(schema, await readJson(path));
  if (!parsed.success)
    throw new LensError("model", `${path} is not a catalog of models: install Embedding Lens again.`);
  const { builtin, downloads } = parsed.output;
  return {
    builtin: await Promise.all(builtin.map((id) => readCard(join(packageRoot, "models", id, "card.json")))),
    downloads: downloads.map((card) => parseCard(card, path)),
  };
}
