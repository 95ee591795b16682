import { strictFetch, type CallOptions, type RawVectors } from "./calls";
import { broken, refused } from "./refusal";

/**
 * One call of POST /v2/embed through Cohere's own client, which is loaded with the first call.
 * @see https://docs.cohere.com/reference/embed
 * @throws LensError, TryAgain or TooLarge
 */
export async function cohereVectors(texts: readonly string[], options: CallOptions): Promise<RawVectors> {
  const { asked } = options;
  const { cohereEmbed } = await import("./cohere-client");
  const strict = strictFetch(options);
  const got: { failure?: Error; unfit?: RawVectors } = {};
  // The client is told only of good answers: it would write others to the console, and keep a timer for what we throw.
  const get: typeof fetch = async (...args) => {
    try {
      const response = await strict(...args);
      const vectors = floatsIn(await response.clone().json());
      if (vectors === null || vectors.every(isNumbers)) return response;
      got.unfit = vectors;
    } catch (error) {
      got.failure = broken(asked, error);
    }
    return new Response(NOTHING, { headers: { "content-type": "application/json" } });
  };
  const answer = await cohereEmbed(texts, { ...options, fetch: get }).catch((error: unknown) => {
    throw broken(asked, error);
  });
  if (got.failure) throw got.failure;
  const vectors = got.unfit ?? answer;
  if (vectors === null) throw refused(asked, "the answer holds no embeddings; check the server's address");
  if (vectors.length !== texts.length) {
    throw refused(
      asked,
      `${texts.length} ${options.pictures ? "pictures" : "texts"} were sent and ${vectors.length} vectors came back, so none of them is used`,
    );
  }
  return vectors;
}

const NOTHING = '{"id":"","embeddings":{"float":[]},"texts":[]}';

function floatsIn(answer: unknown): RawVectors | null {
  const float = (answer as { embeddings?: { float?: unknown } } | null)?.embeddings?.float;
  return Array.isArray(float) ? (float as unknown[]) : null;
}

const isNumbers = (vector: unknown): boolean => Array.isArray(vector) && vector.every((one) => typeof one === "number");
