import * as v from "valibot";
import { strictFetch, type CallOptions, type RawVectors } from "./calls";
import { refused } from "./refusal";

const answerSchema = v.object({
  data: v.array(v.object({ index: v.optional(v.pipe(v.number(), v.integer())), embedding: v.unknown() })),
});

/**
 * One call of POST /v1/embeddings as OpenAI documents it and llama.cpp, Ollama, vLLM, LM Studio and others serve it.
 * @see https://platform.openai.com/docs/api-reference/embeddings/create
 * @throws LensError, TryAgain or TooLarge
 */
export async function openaiVectors(texts: readonly string[], options: CallOptions): Promise<RawVectors> {
  const { settings, server, asked } = options;
  const { model, dimensions } = settings;
  const response = await strictFetch(options)(`${server.address}/embeddings`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      ...(server.key === undefined ? {} : { authorization: `Bearer ${server.key}` }),
    },
    body: JSON.stringify({
      model,
      input: texts,
      encoding_format: "float",
      ...(dimensions === undefined ? {} : { dimensions }),
    }),
  });
  const parsed = v.safeParse(answerSchema, await response.json());
  if (!parsed.success) throw refused(asked, "the answer holds no embeddings; check the server's address");
  const { data } = parsed.output;
  const vectors: unknown[] = new Array<unknown>(texts.length);
  if (data.length !== texts.length) {
    throw refused(
      asked,
      `${texts.length} texts were sent and ${data.length} vectors came back, so none of them is used`,
    );
  }
  for (const [place, { index, embedding }] of data.entries()) {
    const at = index ?? place;
    if (at < 0 || at >= texts.length || vectors[at] !== undefined) {
      throw refused(asked, "the vectors that came back do not say which text each belongs to, so none of them is used");
    }
    vectors[at] = typeof embedding === "string" ? floats(embedding) : (embedding ?? null);
  }
  return vectors;
}

/** A vector in base64, little-endian float32: some servers send nothing else. */
function floats(base64: string): number[] {
  const bytes = Buffer.from(base64, "base64");
  return Array.from({ length: bytes.length >> 2 }, (_, i) => bytes.readFloatLE(i * 4));
}
