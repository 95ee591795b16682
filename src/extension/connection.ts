import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageConnection,
  type MessageReader,
  type MessageWriter,
} from "vscode-jsonrpc/node";

/** The part of `vscode.Webview` that carries messages. */
export interface Mailbox {
  postMessage(message: unknown): Thenable<boolean>;
  onDidReceiveMessage(listener: (message: unknown) => void): { dispose(): void };
}

const READY = "ready";

/**
 * The messages between the host and the page, one connection for each life of the page: a page that says it is ready gets a
 * new connection, and what an earlier page had asked for is forgotten. Each posted message is one JSON-RPC message.
 *
 * A hidden page gets no messages, and a page may be there before VS Code says that it is seen: what was not told is remembered,
 * so that a snapshot can make up for it.
 */
export class PageLink implements Disposable {
  #current: PageConnection | null = null;
  #missed = false;
  /** The page of `#current` has ended with the panel being hidden: the next one will say that it is ready. */
  #left = false;
  readonly #subscription: Disposable;

  /**
   * @param connected a page is ready: it has missed nothing yet
   * @param isSeen whether VS Code says that the panel is seen
   */
  constructor(
    private readonly mailbox: Mailbox,
    private readonly connected: (connection: MessageConnection) => void,
    private readonly isSeen: () => boolean,
  ) {
    this.#subscription = mailbox.onDidReceiveMessage((message) => this.#receive(message));
  }

  /** Tells the page something, if it is there and seen. */
  async tell(send: (page: MessageConnection) => Promise<void>): Promise<void> {
    if (!this.#current) return;
    if (this.isSeen()) await send(this.#current.connection);
    else this.#missed = true;
  }

  /** Tells a page that has just spoken, whatever VS Code says of it. */
  async answer(send: (page: MessageConnection) => Promise<void>): Promise<void> {
    if (this.#current) await send(this.#current.connection);
  }

  /** Call when VS Code says that the panel is seen or hidden. @returns whether the page that is seen now was not told something */
  viewChanged(): boolean {
    if (!this.isSeen()) this.#left = true;
    if (!this.#missed || this.#left) return false;
    this.#missed = false;
    return true;
  }

  #receive(message: unknown): void {
    if (!isMessage(message)) return;
    if (message.method === READY) {
      this.#current?.dispose();
      this.#current = new PageConnection(this.mailbox);
      this.#missed = false;
      this.#left = false;
      this.connected(this.#current.connection);
      this.#current.connection.listen();
    }
    this.#current?.receive(message);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#current?.dispose();
    this.#current = null;
  }
}

class PageConnection {
  readonly connection: MessageConnection;
  readonly #reader = new Reader();
  readonly #writer: Writer;

  constructor(mailbox: Mailbox) {
    this.#writer = new Writer(mailbox);
    this.connection = createMessageConnection(this.#reader, this.#writer);
  }

  receive(message: Message): void {
    this.#reader.receive(message);
  }

  dispose(): void {
    this.#writer.end();
    this.connection.dispose();
  }
}

class Reader extends AbstractMessageReader implements MessageReader {
  #callback: DataCallback | null = null;

  listen(callback: DataCallback): Disposable {
    this.#callback = callback;
    return { dispose: () => (this.#callback = null) };
  }

  receive(message: Message): void {
    this.#callback?.(message);
  }
}

class Writer extends AbstractMessageWriter implements MessageWriter {
  #ended = false;

  constructor(private readonly mailbox: Mailbox) {
    super();
  }

  async write(message: Message): Promise<void> {
    if (!this.#ended) await this.mailbox.postMessage(withOwnBuffers(message));
  }

  /** What is still on its way to a page that is gone must not reach the next one. */
  end(): void {
    this.#ended = true;
  }
}

function isMessage(value: unknown): value is Message & { method?: string } {
  return typeof value === "object" && value !== null && (value as Message).jsonrpc === "2.0";
}

/** Copies typed arrays that are views of a larger buffer: VS Code would send the whole of it. */
export function withOwnBuffers(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    if (Buffer.isBuffer(value)) return new Uint8Array(value);
    const array = value as Float32Array;
    return array.byteLength === array.buffer.byteLength ? array : array.slice();
  }
  if (Array.isArray(value)) return value.some((one) => typeof one === "object") ? value.map(withOwnBuffers) : value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withOwnBuffers(field)]));
}
