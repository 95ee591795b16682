import { LensError } from "../../protocol/errors";
import type { ModelCard } from "../../protocol/models";
import type { Pooling } from "./pooling";

/** An output of a text model as one run gave it. */
export interface TextOutput {
  name: string;
  /** (batch, dims) is 2; (batch, tokens, dims) is 3. */
  rank: number;
}

export interface TextEmbedding {
  output: string;
  /** How token vectors become one; null when the output already is one vector per text. */
  pooling: Pooling | null;
}

const READY = ["features", "embeddings", "text_embeds", "sentence_embedding"];
const TOKENS = ["last_hidden_state", "token_embeddings"];

/**
 * Which output of a text model is the embedding: the one that the card names; an output that is known to be one vector per
 * text; token vectors pooled as the card says; `pooler_output`; token vectors and their mean; the only output of rank 2.
 * @throws LensError "model" when there is none
 */
export function textEmbedding(outputs: readonly TextOutput[], card: ModelCard): TextEmbedding {
  const use = ({ name, rank }: TextOutput): TextEmbedding => ({
    output: name,
    pooling: rank === 3 ? (card.pooling ?? "mean") : null,
  });
  const usable = outputs.filter(({ rank }) => rank === 2 || rank === 3);
  const named = (name: string, rank?: number): TextOutput | undefined =>
    usable.find((output) => output.name === name && (rank === undefined || output.rank === rank));
  const list = outputs.map(({ name }) => `“${name}”`).join(", ");

  if (card.output !== undefined) {
    const wanted = named(card.output);
    if (wanted) return use(wanted);
    throw new LensError("model", `The model ${card.id} has no text output “${card.output}”; it has ${list}.`);
  }
  const ready = READY.map((name) => named(name, 2)).find((output) => output !== undefined);
  if (ready) return use(ready);
  const tokenVectors = usable.filter(({ rank }) => rank === 3);
  const tokens =
    TOKENS.map((name) => named(name, 3)).find((output) => output !== undefined) ??
    (tokenVectors.length === 1 ? tokenVectors[0] : undefined);
  const pooler = named("pooler_output", 2);
  const flat = usable.filter(({ rank }) => rank === 2);
  const found =
    card.pooling !== undefined && tokens ? tokens : (pooler ?? tokens ?? (flat.length === 1 ? flat[0] : undefined));
  if (found) return use(found);
  throw new LensError("model", `No output of the model ${card.id} is an embedding of a text; its outputs are ${list}.`);
}
