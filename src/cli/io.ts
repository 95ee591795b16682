import type { Engine, EngineHost } from "../engine/client";
import type { ModelStore } from "../online/models";
import type { RemoteModels } from "../online/remote/remote-models";
import type { Given } from "./options";
import type { MessageStream } from "./terminal";

/** The options about the network. */
export type Network = Pick<Given, "mirror" | "offline">;

/** All that a command touches: the process gives the real ones, tests their own. */
export interface Io {
  cwd: string;
  /** Writes a piece of the result and waits until it has left. */
  stdout(piece: string): Promise<void>;
  stderr: MessageStream;
  stdin: {
    isTTY: boolean;
    /** All of it as text (UTF-8). */
    read(): Promise<string>;
    /** The answer to a question on the terminal, one line. */
    line(): Promise<string>;
  };
  /** Aborted by Ctrl+C. */
  signal: AbortSignal;
  /** @param cacheFolder where embeddings are kept; null: nowhere, undefined: where all of Embedding Lens keeps them */
  openEngine(host: EngineHost, cacheFolder: string | null | undefined): Engine | Promise<Engine>;
  openModels(given: Network): Promise<ModelStore>;
  /** Models on servers, with the keys and addresses of the environment and the file .env. @param log gets a line when a server is waited for */
  openRemote(log: (line: string) => void, given: Network): Promise<RemoteModels>;
  /** The built script of the charts in HTML files. */
  chartScript(): Promise<string>;
  version(): Promise<string>;
}
