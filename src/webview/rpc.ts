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
} from "vscode-jsonrpc/browser";
import type { VsCodeApi } from "./vscode";

/** The connection to the extension host: each posted message is one JSON-RPC message, typed arrays as they are. */
export function connect(api: Pick<VsCodeApi, "postMessage">): MessageConnection {
  return createMessageConnection(new PageReader(), new PageWriter(api));
}

class PageReader extends AbstractMessageReader implements MessageReader {
  listen(callback: DataCallback): Disposable {
    const receive = (event: MessageEvent): void => {
      if (isMessage(event.data)) callback(event.data);
    };
    window.addEventListener("message", receive);
    return { dispose: () => window.removeEventListener("message", receive) };
  }
}

class PageWriter extends AbstractMessageWriter implements MessageWriter {
  constructor(private readonly api: Pick<VsCodeApi, "postMessage">) {
    super();
  }

  write(message: Message): Promise<void> {
    this.api.postMessage(message);
    return Promise.resolve();
  }

  end(): void {
    // The connection lives as long as the page.
  }
}

const isMessage = (value: unknown): value is Message =>
  typeof value === "object" && value !== null && (value as Partial<Message>).jsonrpc === "2.0";
