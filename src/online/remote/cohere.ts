import { ownError, strictFetch, type CallOptions, type RawVectors } from "./calls";
import { refused } from "./refusal";

/**
 * One call of POST /v2/embed through Cohere's own client, which is loaded with the first call.
 * @see https://docs.cohere.com/reference/embed
 * @throws LensError, TryAgain or TooLarge
 */
export async function cohereVectors(texts: readonly string[], options: CallOptions): Promise<RawVectors> {
  const { asked } = options;
  const { cohereEmbed } = await import("./cohere-client");
  const vectors = await cohereEmbed(texts, { ...options, fetch: strictFetch(options) }).catch((error: unknown) => {
    throw ownError(asked, error);
  });
  if (vectors === null) throw refused(asked, "the answer holds no embeddings; check the server's address");
  if (vectors.length !== texts.length) {
    throw refused(
      asked,
      `${texts.length} texts were sent and ${vectors.length} vectors came back, so none of them is used`,
    );
  }
  return vectors;
}
