import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";

/** How the server answers the next call. */
export type Answer =
  | { kind: "good" }
  /** OpenAI: vectors in another order, each with its index. */
  | { kind: "shuffled" }
  | { kind: "base64" }
  | { kind: "status"; status: number; body?: unknown; headers?: Record<string, string> }
  | { kind: "body"; type: string; text: string }
  /** The vectors are changed before they are sent. */
  | { kind: "changed"; change: (vectors: unknown[]) => unknown[]; index?: (at: number) => number }
  /** The connection is cut before anything is sent. */
  | { kind: "cut" }
  /** Nothing is ever sent. */
  | { kind: "silent" }
  /** Waits for `release`. */
  | { kind: "held" };

export interface Call {
  path: string;
  authorization: string | undefined;
  texts: string[];
  body: Record<string, unknown>;
}

const DIMS = 4;

/** What this server's model makes of a text. */
export const vectorOf = (text: string, dims = DIMS): number[] =>
  Array.from({ length: dims }, (_, i) => (text.charCodeAt(i % text.length) + i) / 128);

/**
 * A server on the loopback interface that follows the documented contracts of Cohere's POST /v2/embed and OpenAI's
 * POST /v1/embeddings, and breaks them when told to.
 */
export class EmbeddingServer {
  readonly calls: Call[] = [];
  /** Answers of the next calls; the last one stays. */
  answers: Answer[] = [{ kind: "good" }];
  /** The most calls that were here at once. */
  most = 0;
  /** Above so many texts a call is too large. */
  limit = Infinity;
  private readonly server: Server;
  private inside = 0;
  private release = (): void => undefined;
  private held = new Promise<void>((resolve) => (this.release = resolve));

  private constructor(private readonly tls: boolean) {
    const listener: RequestListener = (request, response) => void this.receive(request, response);
    const pem = tls ? readFileSync(path.resolve("test/fixtures/self-signed.pem")) : undefined;
    this.server = pem ? createTlsServer({ key: pem, cert: pem }, listener) : createServer(listener);
  }

  static async open({ tls = false } = {}): Promise<EmbeddingServer> {
    const server = new EmbeddingServer(tls);
    await new Promise<void>((resolve) => server.server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Base address for Cohere's client. */
  get cohere(): string {
    return `${this.tls ? "https" : "http"}://${this.host}`;
  }

  /** Base address for OpenAI's API. */
  get openai(): string {
    return `${this.cohere}/v1`;
  }

  /** Every text that was asked for, in order. */
  get texts(): string[] {
    return this.calls.flatMap(({ texts }) => texts);
  }

  /** Lets the held calls go on. */
  letGo(): void {
    this.release();
  }

  async close(): Promise<void> {
    this.release();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = JSON.parse(Buffer.concat(pieces).toString() || "{}") as Record<string, unknown>;
    const texts = (body["texts"] ?? body["input"] ?? imagesIn(body["inputs"])) as string[];
    this.calls.push({ path: request.url ?? "", authorization: request.headers.authorization, texts, body });
    this.most = Math.max(this.most, ++this.inside);
    response.once("close", () => this.inside--);
    const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0]!;
    await this.answer(answer, { response, texts, body, cohere: request.url === "/v2/embed" });
  }

  private async answer(answer: Answer, { response, texts, body, cohere }: Asked): Promise<void> {
    const dims = Number(body["dimensions"] ?? body["output_dimension"] ?? DIMS);
    if (texts.length > this.limit) return send(response, 413, { message: "request entity too large" });
    switch (answer.kind) {
      case "status":
        return send(response, answer.status, answer.body ?? { message: "no" }, answer.headers);
      case "body":
        response.writeHead(200, { "content-type": answer.type }).end(answer.text);
        return;
      case "cut":
        response.destroy();
        return;
      case "silent":
        return;
      case "held":
        await this.held;
        return sendVectors(
          response,
          texts.map((text) => vectorOf(text, dims)),
          cohere,
        );
      case "base64": {
        const encode = (vector: number[]): string => Buffer.from(Float32Array.from(vector).buffer).toString("base64");
        return sendVectors(
          response,
          texts.map((text) => encode(vectorOf(text, dims))),
          cohere,
        );
      }
      case "changed":
        return sendVectors(response, answer.change(texts.map((text) => vectorOf(text, dims))), cohere, answer.index);
      case "shuffled": {
        const vectors = texts.map((text) => vectorOf(text, dims)).reverse();
        return sendVectors(response, vectors, cohere, (at) => texts.length - 1 - at);
      }
      case "good":
        return sendVectors(
          response,
          texts.map((text) => vectorOf(text, dims)),
          cohere,
        );
    }
  }
}

/** The data URLs in Cohere's `inputs`. */
const imagesIn = (inputs: unknown): string[] =>
  ((inputs ?? []) as { content: { image_url?: { url: string } }[] }[]).map(({ content }) => content[0]!.image_url!.url);

interface Asked {
  response: ServerResponse;
  texts: string[];
  body: Record<string, unknown>;
  cohere: boolean;
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

function sendVectors(
  response: ServerResponse,
  vectors: unknown[],
  cohere: boolean,
  index: (at: number) => number = (at) => at,
): void {
  send(
    response,
    200,
    cohere
      ? { id: "1", embeddings: { float: vectors }, texts: [], meta: { billed_units: { input_tokens: 1 } } }
      : {
          object: "list",
          model: "test",
          data: vectors.map((embedding, at) => ({ object: "embedding", index: index(at), embedding })),
          usage: { prompt_tokens: 1, total_tokens: 1 },
        },
  );
}
