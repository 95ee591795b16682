import { join } from "node:path";
import card from "../../models/glove-100d/card.json";
import { prepareFor } from "../../src/engine/analyze/normalize";
import { readWordVectors } from "../../src/engine/embed/words-files";
import type { Matrix } from "../../src/engine/types";
import type { ModelCard } from "../../src/protocol/models";

/** The vectors of the most frequent words, of length 1: by distance their neighbours are those by cosine. */
export function words(rows: number, cols = 100): Matrix {
  const folder = join(__dirname, "../../models/glove-100d");
  const { rows: whole } = readWordVectors({ card: card as ModelCard, folder });
  return prepareFor({ rows, cols, data: Float32Array.from(whole).slice(0, rows * cols) }, "cosine");
}
