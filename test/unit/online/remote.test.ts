import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { RemoteModels, type RemoteOptions } from "../../../src/online/remote/remote-models";
import type { RemoteVectors } from "../../../src/protocol/engine";
import { EmbeddingServer, vectorOf, type Answer } from "../../support/embedding-server";

const KEY = "sk-secret-key";
const TEXTS = ["one", "two", "three"];
const IDS = { cohere: "cohere:embed-v4.0", openai: "openai:test" } as const;

let server: EmbeddingServer;
let waits: number[];
let logged: string[];
let clock: number;

beforeEach(async () => {
  server = await EmbeddingServer.open();
  waits = [];
  logged = [];
  clock = Date.now();
});
afterEach(() => server.close());

const models = (options: Partial<RemoteOptions> = {}): RemoteModels =>
  new RemoteModels({
    servers: (provider) => Promise.resolve({ address: server[provider], key: KEY }),
    wait: (ms) => {
      waits.push(ms);
      clock += ms;
      return Promise.resolve();
    },
    now: () => clock,
    jitter: () => 0,
    log: (line) => logged.push(line),
    ...options,
  });

async function embed(
  id: string,
  { texts = TEXTS, signal = new AbortController().signal, ...options }: Partial<RemoteOptions> & EmbedOptions = {},
): Promise<RemoteVectors> {
  const remote = models(options);
  const { card } = await remote.resolve(id);
  return remote.embed({ model: id, server: card.remote!.server, texts }, signal);
}
interface EmbedOptions {
  texts?: string[];
  signal?: AbortSignal;
}

const rowsOf = ({ rows, cols, data }: RemoteVectors): number[][] =>
  Array.from({ length: rows }, (_, i) => [...data.subarray(i * cols, (i + 1) * cols)]);
const expected = (texts: readonly string[]): number[][] => texts.map((text) => [...Float32Array.from(vectorOf(text))]);

describe("a model on a server", () => {
  it("gets Cohere's vectors through its own client, with what the id asks for", async () => {
    const vectors = await embed("cohere:embed-v4.0?dimensions=8&input=search_document&truncate=NONE");
    assert.deepEqual([vectors.rows, vectors.cols, vectors.failed], [3, 8, []]);
    const [call] = server.calls;
    assert.equal(call?.path, "/v2/embed");
    assert.equal(call.authorization, `Bearer ${KEY}`);
    assert.deepEqual(call.body, {
      model: "embed-v4.0",
      texts: TEXTS,
      input_type: "search_document",
      truncate: "NONE",
      output_dimension: 8,
      embedding_types: ["float"],
    });
  });

  it("asks Cohere for clustering and a cut end when nothing is said", async () => {
    assert.deepEqual(rowsOf(await embed(IDS.cohere)), expected(TEXTS));
    assert.equal(server.calls[0]?.body["input_type"], "clustering");
    assert.equal(server.calls[0].body["truncate"], "END");
  });

  it("asks any server that speaks OpenAI", async () => {
    const vectors = await embed("openai:org/model:latest?dimensions=4");
    assert.deepEqual(rowsOf(vectors), expected(TEXTS));
    assert.equal(server.calls[0]?.path, "/v1/embeddings");
    const body = { model: "org/model:latest", input: TEXTS, encoding_format: "float", dimensions: 4 };
    assert.deepEqual(server.calls[0].body, body);
  });

  it("sends no key where none is set, not even one of the environment", async () => {
    process.env["CO_API_KEY"] = "of-the-environment";
    try {
      for (const id of Object.values(IDS)) {
        await embed(id, { servers: (provider) => Promise.resolve({ address: server[provider] }) });
      }
    } finally {
      delete process.env["CO_API_KEY"];
    }
    assert.deepEqual(
      server.calls.map(({ authorization }) => authorization),
      [undefined, undefined],
    );
  });

  it("does not call the provider's own server without a key", async () => {
    const never = (): never => assert.fail("called");
    for (const [id, address] of [
      [IDS.cohere, "https://api.cohere.com"],
      [IDS.openai, "https://api.openai.com/v1"],
    ] as const) {
      await assert.rejects(
        embed(id, { servers: () => Promise.resolve({ address }), fetch: never }),
        /there is no key for it; set one with/,
      );
    }
  });

  it("puts OpenAI's vectors in the order of their index", async () => {
    server.answers = [{ kind: "shuffled" }];
    assert.deepEqual(rowsOf(await embed(IDS.openai)), expected(TEXTS));
  });

  it("reads vectors in base64 from servers that send nothing else", async () => {
    server.answers = [{ kind: "base64" }];
    assert.deepEqual(rowsOf(await embed(IDS.openai)), expected(TEXTS));
  });

  it("refuses when the server has been changed since the run began", async () => {
    const remote = models();
    await assert.rejects(
      remote.embed({ model: IDS.openai, server: "http://other", texts: TEXTS }, new AbortController().signal),
      /another one since this run began: run again/,
    );
    assert.equal(server.calls.length, 0);
  });
});

const html = "<!DOCTYPE html><html><body>Sign in</body></html>";
/** Documented answers that will not change, and the sentence for each. */
const REFUSALS: [string, Answer, RegExp][] = [
  [
    "a wrong key",
    { kind: "status", status: 401, body: { message: "invalid api token" } },
    /key is missing or not accepted \(401\); set one/,
  ],
  ["a key without rights", { kind: "status", status: 403 }, /key is not allowed to use \S+ \(403\)/],
  ["no credit", { kind: "status", status: 402 }, /no credit or quota left \(402\)/],
  [
    "OpenAI's used-up quota",
    {
      kind: "status",
      status: 429,
      body: { error: { code: "insufficient_quota", message: "You exceeded your current quota" } },
    },
    /no credit or quota left \(429\)/,
  ],
  [
    "Cohere's used-up trial",
    {
      kind: "status",
      status: 429,
      body: { message: "You are using a Trial key, which is limited to 1000 API calls / month." },
    },
    /no credit or quota left \(429\)/,
  ],
  [
    "an unknown model",
    { kind: "status", status: 404, body: { message: "model 'x' not found" } },
    /there is no model “\S+” there/,
  ],
  [
    "an unknown model, as a bad request",
    { kind: "status", status: 400, body: { error: { message: "The model `x` does not exist" } } },
    /there is no model “\S+” there \(400\)/,
  ],
  [
    "impossible dimensions",
    { kind: "status", status: 400, body: { message: "output_dimension must be one of 256, 512" } },
    /number of dimensions that is asked for is not possible/,
  ],
  ["a bad request", { kind: "status", status: 422 }, /does not understand what is asked \(422\)/],
  ["a proxy's page", { kind: "body", type: "text/html", text: html }, /a web page came instead of an answer/],
  ["a page that claims to be JSON", { kind: "body", type: "application/json", text: html }, /a web page came/],
  [
    "a redirection",
    { kind: "status", status: 302, headers: { location: "/login" } },
    /sends the call elsewhere \(302\)/,
  ],
  ["something else", { kind: "body", type: "text/plain", text: "hello" }, /something that is not JSON/],
  [
    "a number that is none",
    { kind: "body", type: "application/json", text: '{"data":[{"embedding":[NaN]}]}' },
    /NaN or Infinity/,
  ],
  [
    "an answer without vectors",
    { kind: "body", type: "application/json", text: '{"object":"list"}' },
    /holds no embeddings/,
  ],
  ["fewer vectors", { kind: "changed", change: (all) => all.slice(1) }, /3 texts were sent and 2 vectors came back/],
  ["a vector that is none", { kind: "changed", change: ([a, b]) => [a, b, "x"] }, /not a vector|of 4 and of 0 numbers/],
  [
    "vectors of different lengths",
    { kind: "changed", change: ([a, b]) => [a, b, [1]] },
    /vectors of 4 and of 1 numbers in one answer/,
  ],
];

for (const provider of ["cohere", "openai"] as const) {
  describe(`a server that speaks ${provider}'s language`, () => {
    for (const [name, answer, sentence] of REFUSALS) {
      it(`is not asked again after ${name}, and one sentence says why`, async () => {
        server.answers = [answer];
        await assert.rejects(embed(IDS[provider]), (error: Error & { reason?: string }) => {
          assert.equal(error.reason, /key/.test(name) ? "key" : "network");
          assert.match(error.message, sentence);
          assert.match(error.message, new RegExp(`could not embed at ${server.host}: `));
          assert.doesNotMatch(error.message, new RegExp(`${KEY}|\\n`));
          return true;
        });
        assert.equal(server.calls.length, 1);
      });
    }

    it("may send another dimension than was asked for only once", async () => {
      server.answers = [{ kind: "changed", change: (all) => all.map(() => [1, 2]) }];
      await assert.rejects(
        embed(`${IDS[provider]}?dimensions=4`),
        /4 dimensions were asked for and vectors of 2 numbers/,
      );
    });

    it("may fail on one text without spoiling the others", async () => {
      server.answers = [{ kind: "changed", change: ([a, , c]) => [a, [1, null, 3, 4], c] }];
      const { failed, ...vectors } = await embed(IDS[provider]);
      assert.deepEqual(failed, [
        { at: 1, reason: `${server.host} sent a vector with NaN or another value that is no number` },
      ]);
      assert.deepEqual(rowsOf({ ...vectors, failed })[2], expected(TEXTS)[2]);
    });

    it("is asked again when it is busy, down or cut, with growing pauses", async () => {
      const busy = (status: number): Answer => ({ kind: "status", status });
      server.answers = [busy(429), busy(503), { kind: "cut" }, busy(500), { kind: "good" }];
      assert.deepEqual(rowsOf(await embed(IDS[provider])), expected(TEXTS));
      assert.equal(server.calls.length, 5);
      assert.deepEqual(waits, [1000, 2000, 4000, 8000]);
      assert.match(logged[0]!, /asks for fewer calls \(429\); the next try in 1\.0 s/);
      assert.ok(!logged.some((line) => line.includes(KEY) || line.includes("three")));
    });

    it("is not asked by all at once: a pause is up to half of it less, one that it asks for up to a second more", async () => {
      const busy: Answer = { kind: "status", status: 503 };
      const named: Answer = { kind: "status", status: 429, headers: { "retry-after": "7" } };
      server.answers = [busy, busy, named, { kind: "good" }];
      await embed(IDS[provider], { jitter: () => 0.5 });
      assert.deepEqual(waits, [750, 1500, 7500]);
    });

    it("is given up after six tries", async () => {
      server.answers = [{ kind: "status", status: 503 }];
      await assert.rejects(embed(IDS[provider]), /the server answered 503, also at the 6th try; try again later/);
      assert.equal(server.calls.length, 6);
    });

    it("that ends every connection is told in words", async () => {
      server.answers = [{ kind: "cut" }];
      await assert.rejects(embed(IDS[provider]), /the server ended the connection/);
    });

    it("is given the time that it asks for", async () => {
      const retryAfter = (value: string): Answer => ({
        kind: "status",
        status: 429,
        headers: { "retry-after": value },
      });
      server.answers = [retryAfter("7"), retryAfter(new Date(Date.now() + 30_000).toUTCString()), { kind: "good" }];
      await embed(IDS[provider]);
      assert.equal(waits[0], 7000);
      assert.ok(waits[1]! > 25_000 && waits[1]! <= 30_000, String(waits[1]));
    });

    it("is not waited for longer than ten minutes", async () => {
      server.answers = [{ kind: "status", status: 429, headers: { "retry-after": "7200" } }];
      await assert.rejects(embed(IDS[provider]), /asks to wait 120 minutes; try again then/);
      assert.equal(server.calls.length, 1);
    });

    it("gets less at once when a call is too large, down to the text that is", async () => {
      server.limit = 2;
      assert.deepEqual(
        rowsOf(await embed(IDS[provider], { texts: ["a", "b", "c", "d", "e"] })),
        expected(["a", "b", "c", "d", "e"]),
      );
      server.limit = 0;
      const { cols, failed } = await embed(IDS[provider], { texts: ["a", "bcd"] });
      assert.equal(cols, 0);
      assert.deepEqual(failed[1], { at: 1, reason: `${server.host} refuses a text of 3 characters as too large` });
    });

    it("that says nothing is given up", async () => {
      server.answers = [{ kind: "silent" }, { kind: "good" }];
      await embed(IDS[provider], { patienceMs: 500 });
      assert.equal(server.calls.length, 2);
      assert.match(logged[0]!, /no answer for 1 s/);
    });

    it("that is not there is named with what to check", async () => {
      const gone = await EmbeddingServer.open();
      const address = gone[provider];
      await gone.close();
      const servers = () => Promise.resolve({ address, key: KEY });
      await assert.rejects(
        embed(IDS[provider], { servers }),
        /refused the connection \(ECONNREFUSED\), also at the 6th try/,
      );
    });

    it("with a self-signed certificate is refused at once, with what can be done", async () => {
      const tls = await EmbeddingServer.open({ tls: true });
      try {
        const servers = () => Promise.resolve({ address: tls[provider], key: KEY });
        await assert.rejects(embed(IDS[provider], { servers }), /certificate is not trusted.*NODE_EXTRA_CA_CERTS/);
        assert.equal(tls.calls.length, 0);
        assert.deepEqual(waits, []);
      } finally {
        await tls.close();
      }
    });

    it("gets no call any more after a cancel; the one on its way is still answered", async () => {
      server.answers = [{ kind: "held" }];
      const abort = new AbortController();
      const vectors = embed(IDS[provider], { signal: abort.signal });
      while (server.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
      abort.abort();
      server.letGo();
      assert.deepEqual(rowsOf(await vectors), expected(TEXTS));
      await assert.rejects(embed(IDS[provider], { signal: abort.signal }), { reason: "cancelled" });
      assert.equal(server.calls.length, 1);
    });
  });
}

describe("wrong answers of servers that speak OpenAI", () => {
  it("are refused when two vectors have one index, or an index is too large", async () => {
    for (const index of [() => 0, (at: number) => at + 1]) {
      server.answers = [{ kind: "changed", change: (all) => all, index }];
      await assert.rejects(embed(IDS.openai), /do not say which text each belongs to/);
    }
  });
});

describe("many calls to one server", () => {
  it("are a few at once, and fewer when it asks for that", async () => {
    const remote = models();
    const signal = new AbortController().signal;
    const ask = (n: number): Promise<RemoteVectors> =>
      remote.embed({ model: IDS.openai, server: server.openai, texts: [`text ${n}`] }, signal);
    server.answers = [{ kind: "held" }];
    const all = Promise.all(Array.from({ length: 12 }, (_, n) => ask(n)));
    while (server.calls.length < 4) await new Promise((resolve) => setImmediate(resolve));
    server.letGo();
    await all;
    assert.ok(server.most >= 4 && server.most <= 8, String(server.most));
    assert.equal(new Set(server.texts).size, 12);
    server.most = 0;
    server.answers = [...Array.from({ length: 3 }, (): Answer => ({ kind: "status", status: 429 })), { kind: "good" }];
    await Promise.all(Array.from({ length: 12 }, (_, n) => ask(n)));
    assert.ok(waits.length >= 3);
  });
});

describe("the id of a model on a server", () => {
  it("is understood, or refused with what is wrong", async () => {
    const remote = models();
    const { card, folder } = await remote.resolve("openai:nomic/embed:v1.5?dimensions=256&batch=16");
    assert.equal(folder, "");
    assert.deepEqual(card.remote, {
      provider: "openai",
      model: "nomic/embed:v1.5",
      dimensions: 256,
      batch: 16,
      server: server.openai,
    });
    for (const [id, why] of [
      ["cohere:", /followed by the name of a model/],
      ["openai:x?dimensions=0", /dimensions is a whole number from 1/],
      ["openai:x?input=clustering", /“input” is no option of a model of openai/],
      ["cohere:x?batch=97", /batch is a whole number from 1 to 96/],
      ["cohere:x?truncate=MIDDLE", /truncate is one of NONE, START, END/],
    ] as const) {
      await assert.rejects(remote.resolve(id), (error: Error) => why.test(error.message));
    }
  });

  it("lists those that can be understood, and where each sends texts", async () => {
    const list = await models().list(["cohere:embed-v4.0", "cohere:embed-v4.0", "openai:", "other"]);
    assert.equal(list.length, 1);
    assert.equal(list[0]?.state, "remote");
    assert.equal(list[0].card.about, `Runs on a server: sends your texts to ${server.host}.`);
  });
});
