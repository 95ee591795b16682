import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message, MessageConnection, RequestMessage } from "vscode-jsonrpc/node";
import { PageLink, withOwnBuffers, type Mailbox } from "../../../src/extension/connection";
import { LensError } from "../../../src/protocol/errors";
import { HostNotifications, PageNotifications, PanelRequests } from "../../../src/protocol/panel";
import { handle } from "../../../src/protocol/rpc";

class FakeWebview implements Mailbox {
  readonly posted: Message[] = [];
  #listener: (message: unknown) => void = () => undefined;
  #waiting: (() => void) | null = null;

  postMessage(message: unknown): Promise<boolean> {
    this.posted.push(message as Message);
    this.#waiting?.();
    return Promise.resolve(true);
  }
  onDidReceiveMessage(listener: (message: unknown) => void) {
    this.#listener = listener;
    return { dispose: () => (this.#listener = () => undefined) };
  }
  page(message: object): void {
    this.#listener({ jsonrpc: "2.0", ...message });
  }
  raw(message: unknown): void {
    this.#listener(message);
  }
  async next(): Promise<Message> {
    if (this.posted.length === 0) await new Promise<void>((resolve) => (this.#waiting = resolve));
    const message = this.posted.shift();
    assert.ok(message);
    return message;
  }
}

const linkOf = (webview: FakeWebview, connected: (page: MessageConnection) => void): PageLink =>
  new PageLink(webview, connected, () => true);

/** A panel that is seen or not, its link, and what tells its page something. */
function panelOf(webview: FakeWebview, seen: boolean) {
  const view = { seen };
  const link = new PageLink(
    webview,
    () => undefined,
    () => view.seen,
  );
  const tell = () => link.tell((page) => page.sendNotification(HostNotifications.state, { state: { kind: "done" } }));
  return { link, view, tell };
}

const ready = { method: "ready", params: {} };

describe("PageLink", () => {
  it("answers a page that is ready on a connection of its own", async () => {
    const webview = new FakeWebview();
    let pages = 0;
    linkOf(webview, (page) => {
      pages++;
      page.onNotification(PageNotifications.ready, () => {
        void page.sendNotification(HostNotifications.state, { state: { kind: "done" } });
      });
    });
    webview.page(ready);
    const message = (await webview.next()) as Message & { method: string; params: unknown };
    assert.deepEqual([message.method, message.params], ["state", { state: { kind: "done" } }]);
    webview.page(ready);
    await webview.next();
    assert.equal(pages, 2);
  });

  it("forgets what an earlier page had asked for", async () => {
    const webview = new FakeWebview();
    const connections: MessageConnection[] = [];
    const answers: ((text: string[]) => void)[] = [];
    linkOf(webview, (page) => {
      connections.push(page);
      handle(page, PanelRequests.texts, () => new Promise<string[]>((resolve) => answers.push(resolve)));
    });
    const ask = { id: 1, method: "texts", params: { index: Int32Array.of(0), maxLength: 9 } };
    webview.page(ready);
    webview.page(ask);
    while (answers.length < 1) await new Promise(setImmediate);
    webview.page(ready);
    webview.page(ask);
    while (answers.length < 2) await new Promise(setImmediate);
    answers[0]?.(["old"]);
    answers[1]?.(["new"]);
    const message = (await webview.next()) as Message & { result: unknown };
    assert.deepEqual(message.result, ["new"]);
    assert.equal(webview.posted.length, 0);
  });

  it("carries the reason of an error to the page", async () => {
    const webview = new FakeWebview();
    linkOf(webview, (page) => {
      handle(page, PanelRequests.similarity, () => {
        throw new LensError("source", "“a.txt” is gone.");
      });
    });
    webview.page(ready);
    webview.page({ id: 7, method: "similarity", params: { a: 0, b: 1 } } satisfies Omit<RequestMessage, "jsonrpc">);
    const message = (await webview.next()) as Message & { error: { data: unknown } };
    assert.deepEqual(message.error.data, { reason: "source", message: "“a.txt” is gone." });
  });

  it("ignores messages that are not JSON-RPC, and any before the page is ready", async () => {
    const webview = new FakeWebview();
    const link = linkOf(webview, () => assert.fail("connected"));
    for (const odd of [null, "ready", { method: "ready" }, 3]) webview.raw(odd);
    webview.page({ method: "rerun", params: {} });
    await link.answer(() => assert.fail("there is no page"));
  });

  it("tells a page that is not seen yet nothing, and knows when it is seen that it has missed something", async () => {
    const webview = new FakeWebview();
    const { link, view, tell } = panelOf(webview, false);
    await tell();
    webview.page(ready);
    await tell();
    assert.equal(webview.posted.length, 0);
    view.seen = true;
    assert.deepEqual([link.viewChanged(), link.viewChanged()], [true, false]);
    await tell();
    assert.deepEqual([webview.posted.length, link.viewChanged()], [1, false]);
  });

  it("leaves it to the next page to ask when a page has ended with its panel being hidden", async () => {
    const webview = new FakeWebview();
    const { link, view, tell } = panelOf(webview, true);
    webview.page(ready);
    view.seen = false;
    assert.equal(link.viewChanged(), false);
    await tell();
    view.seen = true;
    assert.equal(link.viewChanged(), false);
    webview.page(ready);
    assert.equal(link.viewChanged(), false);
    await tell();
    assert.equal(webview.posted.length, 1);
  });

  it("answers a page that speaks, also before VS Code says that it is seen", async () => {
    const webview = new FakeWebview();
    const link = new PageLink(
      webview,
      () => undefined,
      () => false,
    );
    webview.page(ready);
    await link.answer((page) => page.sendNotification(HostNotifications.state, { state: { kind: "done" } }));
    assert.equal(webview.posted.length, 1);
  });
});

describe("withOwnBuffers", () => {
  it("copies views of a larger buffer and leaves the rest as it is", () => {
    const whole = Float32Array.of(1, 2, 3, 4);
    const sent = withOwnBuffers({ x: whole.subarray(1, 3), y: whole, list: [{ z: whole.subarray(0, 1) }], s: ["a"] });
    const { x, y, list, s } = sent as { x: Float32Array; y: Float32Array; list: { z: Float32Array }[]; s: string[] };
    assert.deepEqual([...x], [2, 3]);
    assert.equal(x.buffer.byteLength, 8);
    assert.equal(y, whole);
    assert.equal(list[0]?.z.buffer.byteLength, 4);
    assert.deepEqual(s, ["a"]);
  });
  it("turns Buffers into plain bytes", () => {
    const sent = withOwnBuffers(Buffer.from("abc"));
    assert.ok(sent instanceof Uint8Array && !Buffer.isBuffer(sent));
    assert.equal(sent.buffer.byteLength, 3);
  });
});
