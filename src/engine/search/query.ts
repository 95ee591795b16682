import type { LocalModel } from "../../protocol/engine";
import { LensError } from "../../protocol/errors";
import { textSideOf, type ModelCard } from "../../protocol/models";
import { embedItems, type RemoteWay } from "../embed-items";
import type { ExecOptions, Pool } from "../pool";
import type { ByteStore } from "../store/byte-store";
import type { Matrix } from "../types";

export interface Query {
  /** (d) of the items' own space. */
  vector: Float32Array;
  /** Only the beginning of the words was read. */
  truncated: boolean;
}

/** Words that were searched for, as long as the vectors of the items live. */
const known = new WeakMap<Float32Array, Map<string, Query>>();

/** What `make` gives for some words, made once for the vectors of these items. */
export async function queryOf({ data }: Matrix, words: string, make: () => Promise<Query>): Promise<Query> {
  const queries = known.get(data) ?? new Map<string, Query>();
  known.set(data, queries);
  const query = queries.get(words) ?? (await make());
  queries.set(words, query);
  return query;
}

/** The card of what reads words for a search: the model itself, or the half of it that reads texts, with its prompt for queries. */
export function queryCard(card: ModelCard): ModelCard {
  const side = textSideOf(card);
  if (side === null) {
    throw new LensError(
      "model",
      `${card.name} reads no words, so these pictures cannot be searched with it: choose a model of pictures and words, such as CLIP.`,
    );
  }
  return side.queryPrefix === undefined ? side : { ...side, prefix: side.queryPrefix };
}

/**
 * Turns words into a vector beside those of the items. Kept vectors are used, a server is asked with the usual consent.
 * @param dims length of the items' vectors
 * @throws LensError "model" when the model reads no words, "source" when it knows none of these
 */
export async function embedQuery(
  words: string,
  { card: whole, folder }: LocalModel,
  dims: number,
  pool: Pool,
  options: ExecOptions,
  store: ByteStore | null,
  remote: RemoteWay,
): Promise<Query> {
  const card = queryCard(whole);
  const items = [{ label: null, path: "query", text: words }];
  const set = { kind: "text" as const, items, total: 1, skipped: [], warnings: [], fingerprint: "" };
  const { matrix, truncated } = await embedItems(set, { card, folder }, pool, options, store, remote).catch(
    (error: unknown) => {
      if (!(error instanceof LensError) || error.reason !== "source") throw error;
      throw new LensError("source", `${card.name} knows no word of “${words.slice(0, 80)}”: try others.`, {
        cause: error,
      });
    },
  );
  if (matrix.cols !== dims) {
    throw new LensError(
      "model",
      `${card.name} gives words ${matrix.cols} numbers and the items ${dims}, so they cannot be compared.`,
    );
  }
  return { vector: matrix.data.slice(), truncated: truncated > 0 };
}
