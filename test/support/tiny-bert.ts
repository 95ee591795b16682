import { bertWeights } from "./bert";
import { TINY_VOCABULARY } from "./wordpiece";

/** The weights of test/fixtures/tiny-bert. */
export const TINY_BERT = bertWeights(
  { vocab: TINY_VOCABULARY.length, hidden: 32, heads: 4, layers: 2, ffn: 64, positions: 64 },
  7,
);
