import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path, { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { LensError } from "../../../src/protocol/errors";
import { download, type DownloadOptions } from "../../../src/online/download";
import { FileServer, type Behaviour } from "../../support/file-server";

const BYTES = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31 + (i >> 8)) % 251);
const SHA256 = createHash("sha256").update(BYTES).digest("hex");

let server: FileServer;
let folder = "";
beforeEach(async () => {
  server = await FileServer.open(BYTES);
  folder = await mkdtemp(join(tmpdir(), "lens-download-"));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const target = (): string => join(folder, "models", "model.onnx");
const get = (options: Partial<DownloadOptions> & { bytes?: number; pinned?: boolean } = {}): Promise<string> => {
  const { bytes = BYTES.length, pinned = true, ...rest } = options;
  const file = { label: "Test model", url: `${server.url}/a/model.onnx`, bytes, ...(pinned ? { sha256: SHA256 } : {}) };
  return download(file, target(), { signal: new AbortController().signal, retryMs: 1, ...rest });
};
/** Cuts the connection when so many bytes are here. */
const cutAt =
  (...places: number[]) =>
  (done: number): void => {
    if (places.includes(done)) setImmediate(() => server.drop());
  };
const serve = (...behaviours: Behaviour[]): void => void (server.behaviours = behaviours);
const left = (): string[] => (existsSync(join(folder, "models")) ? readdirSync(join(folder, "models")).sort() : []);
const assertWhole = async (): Promise<void> => {
  assert.deepEqual(new Uint8Array(await readFile(target())), BYTES);
  assert.deepEqual(left(), ["model.onnx"]);
};
/** One sentence that names the model and the server, says what happened, and what to do. */
const refused = (promise: Promise<unknown>, what: RegExp): Promise<void> =>
  assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof LensError, String(error));
    assert.equal(error.reason, "network");
    assert.match(error.message, what);
    assert.match(error.message, /^Test model could not be downloaded from 127\.0\.0\.1:\d+: [^\n]+\.$/);
    assert.match(error.message, /embeddingLens\.modelMirror, --mirror or EMBEDDING_LENS_MIRROR/);
    return true;
  });

describe("a download", () => {
  test("brings the file, its hash and its progress", async () => {
    const seen: number[] = [];
    assert.equal(await get({ onProgress: (done) => seen.push(done) }), SHA256);
    await assertWhole();
    assert.equal(seen[0], 0);
    assert.equal(seen.at(-1), BYTES.length);
    assert.ok(seen.every((value, i) => i === 0 || value >= seen[i - 1]!));
  });

  test("works without a length and without ranges", async () => {
    serve({ kind: "chunked" });
    await get();
    await assertWhole();
  });

  test("asks for the bytes as they are, not compressed", async () => {
    let encoding: string | null = null;
    await get({
      fetch: (url, init) => {
        encoding = new Headers(init?.headers).get("accept-encoding");
        return fetch(url, init);
      },
    });
    assert.equal(encoding, "identity");
  });

  test("that is cut goes on where it broke, if the file is still the same", async () => {
    serve({ kind: "stalled", after: 70_000 }, { kind: "stalled", after: 50_000 }, { kind: "good" });
    await get({ onProgress: cutAt(70_000, 120_000) });
    await assertWhole();
    assert.deepEqual(
      server.requests.map(({ range, ifRange }) => [range, ifRange]),
      [
        [undefined, undefined],
        ["bytes=70000-", '"one"'],
        ["bytes=120000-", '"one"'],
      ],
    );
  });

  test("starts anew when the file has changed meanwhile", async () => {
    serve({ kind: "stalled", after: 70_000, etag: '"old"' }, { kind: "good", etag: '"new"' });
    await get({ onProgress: cutAt(70_000) });
    await assertWhole();
  });

  test("goes on in the next session", async () => {
    serve({ kind: "stalled", after: 60_000 }, { kind: "status", status: 503 });
    const broken = get({ onProgress: cutAt(60_000) });
    await refused(broken, /the server answered 503 after 60,000 bytes of 0\.2 MB; what has arrived is kept: try again/);
    assert.deepEqual(left(), ["model.onnx.part"]);
    serve({ kind: "good" });
    server.requests.length = 0;
    const seen: number[] = [];
    await get({ onProgress: (done) => seen.push(done) });
    await assertWhole();
    assert.equal(server.requests[0]!.range, "bytes=60000-");
    assert.equal(seen[0], 60_000);
  });

  test("goes on where a process that was killed has stopped", async () => {
    serve({ kind: "stalled", after: 80_000 });
    const script = `require(${JSON.stringify(path.resolve(__dirname, "../../../src/online/download"))}).download(
      { label: "x", url: ${JSON.stringify(`${server.url}/a/model.onnx`)}, bytes: ${BYTES.length}, sha256: "${SHA256}" },
      ${JSON.stringify(target())},
      { signal: new AbortController().signal, onProgress: (done) => done === 80000 && console.log("there") })`;
    const child = spawn(process.execPath, ["--import", "tsx", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    serve({ kind: "good" });
    await get();
    await assertWhole();
    assert.equal(server.requests.at(-1)!.range, "bytes=80000-");
  });

  test("tries again when the server is busy or down", async () => {
    serve({ kind: "status", status: 503 }, { kind: "status", status: 502, html: true }, { kind: "good" });
    await get();
    await assertWhole();
  });

  test("gives up a server that sends nothing, after a while", async () => {
    serve({ kind: "stalled", after: 1000 });
    await refused(get({ stallMs: 400 }), /the server sent nothing for 1 s /);
  });

  test("is patient with a slow one", async () => {
    serve({ kind: "slow", piece: 10_000, pauseMs: 60 });
    await get({ stallMs: 800 });
    await assertWhole();
    assert.equal(server.requests.length, 1);
  });

  test("by two at the same time gives one whole file", async () => {
    serve({ kind: "slow", piece: 20_000, pauseMs: 2 });
    await Promise.all([get(), get(), get()]);
    await assertWhole();
  });

  test("without a known hash pins what arrives", async () => {
    assert.equal(await get({ pinned: false }), SHA256);
    await assertWhole();
  });
});

describe("a download that cannot work says so in one sentence and leaves nothing wrong behind", () => {
  for (const type of ["text/html; charset=utf-8", "application/octet-stream"]) {
    test(`a web page in place of the file (${type})`, async () => {
      serve({ kind: "html", type });
      await refused(get({ bytes: 74 }), /a web page came instead of the file/);
      assert.deepEqual(left(), []);
    });
  }

  test("another size", async () => {
    serve({ kind: "good", bytes: BYTES.subarray(0, 150_000) });
    await refused(get(), /has 0\.1 MB|has 0\.2 MB where/);
    assert.equal(server.requests.length, 1);
    assert.deepEqual(left(), []);
  });

  test("more bytes than expected, from a server that does not say how many", async () => {
    serve({ kind: "chunked" });
    await refused(get({ bytes: 100_000 }), /are expected, so it is another file/);
    assert.deepEqual(left(), []);
  });

  test("the right size and wrong bytes", async () => {
    const wrong = BYTES.slice();
    wrong[100_000]! ^= 1;
    serve({ kind: "good", bytes: wrong });
    await refused(get(), /SHA-256 differs/);
    assert.deepEqual(left(), []);
  });

  test("wrong bytes of an earlier day are dropped and fetched anew", async () => {
    await mkdir(`${target()}.part`, { recursive: true });
    await writeFile(join(`${target()}.part`, "data"), new Uint8Array(90_000));
    await get();
    await assertWhole();
  });

  for (const [status, what] of [
    [404, /the file is not there \(404\)/],
    [403, /refuses access \(403\)/],
    [511, /a web page came instead/],
    [418, /the server answered 418/],
  ] as const) {
    test(`status ${status}, without trying again`, async () => {
      serve({ kind: "status", status });
      await refused(get(), what);
      assert.equal(server.requests.length, 1);
    });
  }

  test("a server that stays down", async () => {
    serve({ kind: "status", status: 503 });
    await refused(get(), /the server answered 503; check the network/);
    assert.equal(server.requests.length, 4);
  });

  test("no server at all", async () => {
    const { url } = server;
    await server.close();
    const options = { signal: new AbortController().signal, retryMs: 1 };
    const promise = download({ label: "Test model", url: `${url}/x`, bytes: 9 }, target(), options);
    await refused(promise, /the server refused the connection \(ECONNREFUSED\); check the network/);
    server = await FileServer.open(BYTES);
  });

  test("no network", async () => {
    const offline = Object.assign(new TypeError("fetch failed"), {
      cause: Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }),
    });
    await refused(get({ fetch: () => Promise.reject(offline) }), /address was not found: there may be no network/);
  });

  test("a full disk", { skip: existsSync("/dev/full") ? false : "this system has no /dev/full" }, async () => {
    await mkdir(`${target()}.part`, { recursive: true });
    await symlink("/dev/full", join(`${target()}.part`, "data"));
    await assert.rejects(get(), (error: unknown) => {
      assert.ok(error instanceof LensError && error.reason === "write");
      assert.match(
        error.message,
        /^There is no room for Test model \(0\.2 MB\) in .*: free some space, or set EMBEDDING_LENS_HOME/,
      );
      return true;
    });
  });
});

describe("a cancel", () => {
  /** Aborts when the server has had its first request and answers how long the rejection then took, in ms. */
  async function cancelled(behaviour: Behaviour, options: Partial<DownloadOptions> = {}): Promise<number> {
    serve(behaviour);
    const controller = new AbortController();
    const promise = get({ ...options, signal: controller.signal });
    let aborted = 0;
    const timer = setInterval(() => {
      if (server.requests.length === 0 || aborted > 0) return;
      aborted = performance.now();
      controller.abort();
    }, 5);
    await assert.rejects(promise, { reason: "cancelled" });
    clearInterval(timer);
    return performance.now() - aborted;
  }

  test("is answered at once while the server is silent, while it sends, and between tries", async () => {
    assert.ok((await cancelled({ kind: "stalled", after: 50_000 })) < 200);
    assert.ok((await cancelled({ kind: "slow", piece: 1000, pauseMs: 5 })) < 200);
    assert.ok((await cancelled({ kind: "status", status: 503 }, { retryMs: 60_000 })) < 200);
  });

  test("keeps what has arrived", async () => {
    await cancelled({ kind: "stalled", after: 50_000 }, {});
    const kept = left();
    assert.ok(kept.length <= 1 && kept.every((name) => name === "model.onnx.part"), kept.join());
    serve({ kind: "good" });
    await get();
    await assertWhole();
  });

  test("before the start asks the server nothing", async () => {
    await assert.rejects(get({ signal: AbortSignal.abort() }), { reason: "cancelled" });
    assert.equal(server.requests.length, 0);
    assert.deepEqual(left(), []);
  });
});
