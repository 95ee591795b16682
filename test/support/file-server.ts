import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How the server answers the next request; "good" knows ranges. */
export type Behaviour =
  | { kind: "good"; bytes?: Uint8Array; etag?: string }
  /** Sends so many bytes, then nothing more. */
  | { kind: "stalled"; after: number; etag?: string }
  /** Sends small pieces with a pause between them. */
  | { kind: "slow"; piece: number; pauseMs: number }
  /** Sends the file without its length and without ranges. */
  | { kind: "chunked" }
  | { kind: "status"; status: number; html?: boolean }
  | { kind: "html"; type: string };

export interface Request {
  path: string;
  range: string | undefined;
  ifRange: string | undefined;
}

/** A server on the loopback interface that serves one file, well or badly. */
export class FileServer {
  /** Every request, in order. */
  readonly requests: Request[] = [];
  /** Answers of the next requests; the last one stays. */
  behaviours: Behaviour[] = [{ kind: "good" }];
  private readonly server: Server;

  private constructor(private readonly bytes: Uint8Array) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  static async open(bytes: Uint8Array): Promise<FileServer> {
    const server = new FileServer(bytes);
    await new Promise<void>((resolve) => server.server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection. */
  drop(): void {
    this.server.closeAllConnections();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { range, "if-range": ifRange } = request.headers;
    this.requests.push({ path: request.url ?? "", range, ifRange: ifRange as string | undefined });
    const behaviour = this.behaviours.length > 1 ? this.behaviours.shift()! : this.behaviours[0]!;
    switch (behaviour.kind) {
      case "status":
        response.writeHead(behaviour.status, { "content-type": behaviour.html ? "text/html" : "text/plain" });
        response.end(behaviour.html ? "<html>not here</html>" : "no");
        return;
      case "html":
        response.writeHead(200, { "content-type": behaviour.type });
        response.end("<!DOCTYPE html>\n<html><body>Please sign in to the network.</body></html>");
        return;
      case "chunked":
        response.writeHead(200);
        response.write(this.bytes.subarray(0, 1000));
        response.end(this.bytes.subarray(1000));
        return;
      case "good": {
        const rest = this.head(request, response, behaviour.bytes ?? this.bytes, behaviour.etag ?? '"one"');
        response.end(rest);
        return;
      }
      case "stalled":
        response.write(
          this.head(request, response, this.bytes, behaviour.etag ?? '"one"').subarray(0, behaviour.after),
        );
        return;
      case "slow": {
        const rest = this.head(request, response, this.bytes, '"one"');
        for (let at = 0; at < rest.length && !response.destroyed; at += behaviour.piece) {
          response.write(rest.subarray(at, at + behaviour.piece));
          await new Promise((resolve) => setTimeout(resolve, behaviour.pauseMs));
        }
        response.end();
      }
    }
  }

  /** Writes the head of a whole or partial answer; returns what its body is. */
  private head(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array, etag: string): Uint8Array {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const asked = request.headers["if-range"];
    const partial = from > 0 && (asked === undefined || asked === etag);
    if (partial && from >= bytes.length) {
      response.writeHead(416, { "content-range": `bytes */${bytes.length}` });
      return new Uint8Array();
    }
    const body = partial ? bytes.subarray(from) : bytes;
    response.writeHead(partial ? 206 : 200, {
      "content-type": "application/octet-stream",
      "content-length": body.length,
      etag,
      ...(partial ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    return body;
  }
}
