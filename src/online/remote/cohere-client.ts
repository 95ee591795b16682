import { CohereClientV2 } from "cohere-ai";
import type { CallOptions, RawVectors } from "./calls";

// A bundle of its own (dist/cohere.js): the client is larger than all the rest of the extension host.

/** Retries, waiting and errors are ours, by way of `fetch`: the client's own know neither our limits nor our sentences. */
export async function cohereEmbed(
  texts: readonly string[],
  { settings, server, pictures, fetch, patienceMs }: CallOptions,
): Promise<RawVectors | null> {
  const { model, dimensions, input = "clustering", truncate = "END" } = settings;
  const client = new CohereClientV2({
    // Empty: none is sent. Absent, the client would take one from the environment, for whatever server this is.
    token: server.key ?? "",
    baseUrl: server.address,
    clientName: "embedding-lens",
    fetch,
    maxRetries: 0,
    timeoutInSeconds: Math.ceil(patienceMs / 1000) + 1,
  });
  const answer = await client.embed({
    model,
    ...(pictures
      ? { inputs: texts.map((url) => ({ content: [{ type: "image_url" as const, imageUrl: { url } }] })) }
      : { texts: [...texts] }),
    inputType: input,
    truncate,
    embeddingTypes: ["float"],
    ...(dimensions === undefined ? {} : { outputDimension: dimensions }),
  });
  const { float } = (answer.embeddings as { float?: unknown } | undefined) ?? {};
  return Array.isArray(float) ? (float as unknown[]) : null;
}
