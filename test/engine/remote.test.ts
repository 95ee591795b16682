import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Engine } from "../../src/engine/client";
import type { Job, Progress, Sending } from "../../src/protocol/engine";
import { isCancelled } from "../../src/protocol/errors";
import { parseRecipe } from "../../src/protocol/recipe";
import { runCli } from "../support/cli";
import { EmbeddingServer, vectorOf, type Answer } from "../support/embedding-server";
import { linesJob, remoteEngine, TEXTS, type RemoteEngine } from "../support/remote-engine";
import { readNpy } from "../unit/export/npy";

const MODEL = "openai:test?batch=2";
const good: Answer = { kind: "good" };

let remote: RemoteEngine;
let server: EmbeddingServer;
let folder: string;
let engine: Engine;
let asked: Sending[];

beforeEach(async () => {
  remote = await remoteEngine();
  ({ server, folder, engine, asked } = remote);
});
afterEach(() => remote.close());

const jobOf = (texts: readonly string[] = TEXTS, model = MODEL): Job => linesJob(folder, model, texts);

/** Resolves when so many items have their vectors, and these are kept. */
function embedded(count: number): { onProgress: (progress: Progress) => void; reached: Promise<void> } {
  let reach = (): void => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  return { reached, onProgress: ({ stage, done }) => (stage === "embed" && done >= count ? reach() : undefined) };
}

/** Starts the engine's process anew: what it had in memory is gone. */
const killEngine = (): void => {
  for (const pid of execFileSync("pgrep", ["-P", String(process.pid), "-f", "engine.js"], { encoding: "utf8" }).split(
    "\n",
  )) {
    if (pid.trim() !== "") process.kill(Number(pid), "SIGKILL");
  }
};

describe("a run of pictures with Cohere's embed-v4", { timeout: 120_000 }, () => {
  const pictures = path.resolve("media/samples/pictures");
  const job = (model = "cohere:embed-v4.0"): Job => ({
    base: folder,
    recipe: parseRecipe({
      version: 1,
      source: { kind: "images", paths: ["pictures"] },
      model,
      reduce: { method: "none" },
    }),
  });
  beforeEach(async () => {
    await cp(pictures, path.join(folder, "pictures"), { recursive: true });
    await cp(path.join(pictures, "boats/boat-1.webp"), path.join(folder, "pictures/twin.webp"));
    await writeFile(path.join(folder, "pictures/broken.png"), "this is no picture");
  });

  it("asks with the number of pictures, sends each different one once as a small copy, and leaves out the broken one", async () => {
    const result = await engine.run(job());
    assert.equal(result.items.count, 25);
    assert.deepEqual(
      asked.map(({ texts, pictures: are, tokens, cached }) => ({ texts, are, tokens, cached })),
      [{ texts: 25, are: true, tokens: 0, cached: 0 }],
    );
    assert.match(result.skipped[0]!.path, /broken\.png/);
    assert.equal(server.texts.length, 24);
    assert.equal(new Set(server.texts).size, 24);
    assert.ok(server.texts.every((url) => url.startsWith("data:image/webp;base64,")));
    assert.deepEqual(
      server.calls.map(({ texts }) => texts.length <= 16),
      [true, true],
    );
    assert.ok(!JSON.stringify(server.calls).includes("boat-1"), "no name is sent");
  });

  it("asks for nothing again in a later run", async () => {
    await engine.run(job());
    const before = server.calls.length;
    await writeFile(path.join(folder, "pictures/broken.png"), await readFile(path.join(pictures, "boats/boat-2.webp")));
    const result = await engine.run(job());
    assert.equal(result.items.count, 26);
    assert.equal(server.calls.length, before);
  });

  it("is refused for a model that reads texts alone, and sends nothing after a no", async () => {
    await assert.rejects(engine.run(job("cohere:embed-english-v3.0")), /embeds texts, but these are pictures/);
    remote.agrees = false;
    await assert.rejects(engine.run(job()), isCancelled);
    assert.equal(server.calls.length, 0);
  });
});

describe("a run with a model on a server", () => {
  it("sends nothing before the person agrees, who is told what would be sent", async () => {
    remote.agrees = false;
    await assert.rejects(engine.run(jobOf()), { reason: "cancelled" });
    assert.equal(server.calls.length, 0);
    const tokens = Math.ceil(TEXTS.join("").length / 4);
    const sending: Sending = {
      model: MODEL,
      name: "test",
      host: server.host,
      texts: 20,
      tokens,
      cached: 0,
      kept: true,
    };
    assert.deepEqual(asked, [sending]);
  });

  it("asks for each different text once, and not again in a later run", async () => {
    const { data, rows, cols } = await engine.vectors(jobOf([...TEXTS, ...TEXTS]));
    assert.deepEqual([rows, cols], [40, 4]);
    assert.deepEqual([...data.subarray(80, 84)], [...Float32Array.from(vectorOf(TEXTS[0]!))]);
    assert.deepEqual(data.subarray(0, 80), data.subarray(80));
    assert.deepEqual([...server.texts].sort(), TEXTS);
    killEngine();
    await engine
      .vectors(jobOf([...TEXTS.slice(5), "a new line"]))
      .catch(() => engine.vectors(jobOf([...TEXTS.slice(5), "a new line"])));
    assert.deepEqual(server.texts.slice(20), ["a new line"]);
    assert.deepEqual(
      asked.map(({ texts, cached }) => [texts, cached]),
      [
        [20, 0],
        [1, 15],
      ],
    );
    await engine.run(jobOf());
    assert.equal(asked.length, 2, "nothing to send, nothing to ask");
  });

  it("sends Cohere 96 texts a call at most", async () => {
    const many = Array.from({ length: 250 }, (_, i) => `${String.fromCharCode(97 + (i % 26))} is line ${i}`);
    const { rows } = await engine.vectors(jobOf(many, "cohere:embed-v4.0"));
    assert.equal(rows, 250);
    assert.deepEqual(server.calls.map(({ texts }) => texts.length).sort(), [58, 96, 96]);
  });

  it("asks only for the rest after its process was killed", async () => {
    server.answers = [good, good, good, { kind: "held" }];
    const { onProgress, reached } = embedded(6);
    const run = assert.rejects(engine.run(jobOf(), { onProgress }), /The embedding engine stopped/);
    await reached;
    killEngine();
    await run;
    const paid = server.texts.slice(0, 6);
    const before = server.calls.length;
    server.answers = [good];
    server.letGo();
    const { items } = await engine.run(jobOf());
    assert.equal(items.count, 20);
    const later = server.calls.slice(before).flatMap(({ texts }) => texts);
    assert.deepEqual(
      later.filter((text) => paid.includes(text)),
      [],
    );
    assert.equal(asked[1]?.cached, 6);
  });

  it("keeps what has arrived when the server fails, and says so", async () => {
    server.answers = [good, good, good, { kind: "status", status: 402 }];
    await assert.rejects(
      engine.run(jobOf()),
      /no credit or quota left \(402\).*The vectors of 6 texts have arrived and are kept: run again to ask for the rest\.$/,
    );
    const paid = server.texts.slice(0, 6);
    const before = server.calls.length;
    server.answers = [good];
    await engine.run(jobOf());
    const later = server.calls.slice(before).flatMap(({ texts }) => texts);
    assert.deepEqual(
      later.sort(),
      TEXTS.filter((text) => !paid.includes(text)),
    );
  });

  it("that is cancelled still keeps the calls that are on their way", async () => {
    server.answers = [good, good, { kind: "held" }];
    const abort = new AbortController();
    const { onProgress, reached } = embedded(4);
    const run = assert.rejects(engine.run(jobOf(), { onProgress, signal: abort.signal }), { reason: "cancelled" });
    await reached;
    while (server.calls.length < 6) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await run;
    server.answers = [good];
    let wait = (): void => undefined;
    const waits = new Promise<void>((resolve) => (wait = resolve));
    const again = engine.run(jobOf(), { onProgress: ({ stage }) => stage === "answers" && wait() });
    await waits; // it says what it waits for
    server.letGo();
    await again;
    assert.deepEqual([...server.texts].sort(), TEXTS, "no text twice");
  });

  it("leaves out by name the texts on which the server fails", async () => {
    server.answers = [{ kind: "changed", change: ([, ...rest]) => [[null, 1, 2, 3], ...rest] }, good];
    const { items, skipped } = await engine.run(jobOf(TEXTS.slice(0, 2)));
    assert.equal(items.count, 1);
    assert.deepEqual(skipped, [
      {
        path: "lines.txt",
        place: 1,
        reason: `${server.host} sent a vector with NaN or another value that is no number`,
      },
    ]);
  });

  it("is refused when the server's model has become another one", async () => {
    await engine.run(jobOf(TEXTS.slice(0, 4)));
    server.answers = [{ kind: "changed", change: (all) => all.map(() => [1, 2, 3]) }];
    await assert.rejects(engine.run(jobOf()), /sent vectors of 3 numbers for test where it sent 4 before/);
  });

  it("does not mix the vectors of one name from two servers", async () => {
    await engine.run(jobOf(TEXTS.slice(0, 4)));
    const first = server;
    server = remote.server = await EmbeddingServer.open();
    try {
      await engine.run(jobOf(TEXTS.slice(0, 4)));
      assert.equal(server.texts.length, 4);
    } finally {
      await first.close();
    }
  });
});

describe("embedding-lens with a model on a server", () => {
  const env = (): Record<string, string> => ({ OPENAI_BASE_URL: server.openai, OPENAI_API_KEY: "of-the-environment" });

  it("sends nothing without --yes where nobody can be asked", async () => {
    await writeFile(path.join(folder, "lines.txt"), TEXTS.join("\n"));
    const args = ["embed", "lines.txt", "--model", "openai:test", "--out", "v.npy"];
    const { status, stderr } = await runCli(args, { cwd: folder, env: env() });
    assert.equal(status, 1);
    assert.match(
      stderr,
      /test sends 20 texts \(about \d+ tokens, an estimate\) to 127\.0\.0\.1:\d+: nothing was sent\. Add --yes/,
    );
    assert.equal(server.calls.length, 0);
  });

  it("writes the vectors with --yes, and asks nothing the second time", async () => {
    await writeFile(path.join(folder, "lines.txt"), TEXTS.join("\n"));
    const args = ["embed", "lines.txt", "--model", "openai:test", "--yes", "--out", "v.npy", "--cache", "kept"];
    for (let run = 1; run <= 2; run++) {
      const { status, stderr } = await runCli(args, { cwd: folder, env: env() });
      assert.equal(status, 0, stderr);
      assert.doesNotMatch(stderr, /of-the-environment/);
    }
    const npy = readNpy(await readFile(path.join(folder, "v.npy")));
    assert.deepEqual(npy.shape, [20, 4]);
    assert.deepEqual([server.calls.length, server.calls[0]?.authorization], [1, "Bearer of-the-environment"]);
  });

  it("asks Cohere through its own client, with the key of .env", async () => {
    await writeFile(path.join(folder, "lines.txt"), TEXTS.join("\n"));
    await writeFile(path.join(folder, ".env"), "COHERE_API_KEY='of the file'\n");
    const args = [
      "similarity",
      "lines.txt",
      "--model",
      "cohere:embed-v4.0",
      "--yes",
      "--cache",
      "none",
      "--out",
      "s.csv",
    ];
    const { status, stderr } = await runCli(args, { cwd: folder, env: { CO_API_URL: server.cohere } });
    assert.equal(status, 0, stderr);
    assert.deepEqual([server.calls[0]?.path, server.calls[0]?.authorization], ["/v2/embed", "Bearer of the file"]);
  });

  it("does not send a key of the environment to a server that only .env names", async () => {
    await writeFile(path.join(folder, "lines.txt"), "one\ntwo");
    await writeFile(path.join(folder, ".env"), `OPENAI_BASE_URL=${server.openai}\n`);
    const args = ["embed", "lines.txt", "--model", "openai:test", "--yes", "--cache", "none"];
    const { status, stderr } = await runCli(args, { cwd: folder, env: { OPENAI_API_KEY: "of-the-environment" } });
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      server.calls.map(({ authorization }) => authorization),
      [undefined],
    );
  });
});
