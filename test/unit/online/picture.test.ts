import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";
import { loadPicture, type PictureOptions } from "../../../src/online/picture";
import { LensError } from "../../../src/protocol/errors";

const PNG = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(500, 7)]);

describe("a picture at a URL", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  const serve = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const load = (url: string, change: Partial<PictureOptions> = {}): Promise<Uint8Array> =>
    loadPicture(url, { maxBytes: 10_000, signal: new AbortController().signal, allows: () => true, ...change });
  const fails = (promise: Promise<unknown>, words: RegExp): Promise<void> =>
    assert.rejects(promise, (error) => {
      assert.ok(error instanceof LensError, String(error));
      assert.match(error.message, words);
      return true;
    });

  it("comes as its bytes, and the request says nothing about who asks", async () => {
    let headers: NodeJS.Dict<string | string[]> = {};
    const url = await serve((request, response) => {
      headers = request.headers;
      response.end(PNG);
    });
    assert.deepEqual(Buffer.from(await load(`${url}/a.png`)), PNG);
    assert.equal(headers["cookie"], undefined);
    assert.equal(headers["referer"], undefined);
  });

  it("is not asked for when its host was not allowed, and no other protocol is", async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked++;
      response.end(PNG);
    });
    await fails(load(url, { allows: () => false }), /were not allowed/);
    await fails(load("file:///etc/passwd"), /not valid/);
    await fails(load("data:image/png;base64,AAAA"), /not valid/);
    assert.equal(asked, 0);
  });

  it("is followed to another host only when that is allowed too", async () => {
    let reached = 0;
    const other = await serve((_, response) => {
      reached++;
      response.end(PNG);
    });
    const url = await serve((_, response) => response.writeHead(302, { location: `${other}/b.png` }).end());
    const host = new URL(url).host;
    await fails(load(url, { allows: (one) => one === host }), /were not allowed/);
    assert.equal(reached, 0);
    assert.equal((await load(url)).length, PNG.length);
    const round = await serve((_, response) => response.writeHead(302, { location: "/" }).end());
    await fails(load(round), /again and again/);
  });

  it("that is too large, a web page, something else, missing or empty is refused by name", async () => {
    const large = await serve((_, response) => response.end(Buffer.concat([PNG, Buffer.alloc(20_000)])));
    await fails(load(large), /larger than/);
    const chunked = await serve((_, response) => {
      response.write(PNG);
      for (let i = 0; i < 20; i++) response.write(Buffer.alloc(1_000));
      response.end();
    });
    await fails(load(chunked), /larger than/);
    const page = await serve((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>"));
    await fails(load(page), /web page/);
    const svg = await serve((_, response) => response.end('<svg xmlns="http://www.w3.org/2000/svg"></svg>'));
    await fails(load(svg), /no picture/);
    const missing = await serve((_, response) => response.writeHead(404).end());
    await fails(load(missing), /127\.0\.0\.1:\d+: the server answered 404/);
    const empty = await serve((_, response) => response.end());
    await fails(load(empty), /sent nothing/);
  });

  it("that does not come in time is given up, and a cancelled one is cancelled", async () => {
    const silent = await serve((_, response) => response.write(PNG.subarray(0, 4)));
    await fails(load(silent, { patience: 100 }), /did not send it/);
    const abort = new AbortController();
    const loading = load(silent, { signal: abort.signal });
    abort.abort();
    await assert.rejects(loading, (error) => error instanceof LensError && error.reason === "cancelled");
  });
});
