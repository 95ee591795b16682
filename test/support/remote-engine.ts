import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { forkEngine, type Engine } from "../../src/engine/client";
import { RemoteModels } from "../../src/online/remote/remote-models";
import type { Job, Sending } from "../../src/protocol/engine";
import { parseRecipe } from "../../src/protocol/recipe";
import { EmbeddingServer } from "./embedding-server";

/** Twenty lines that begin with different letters. */
export const TEXTS = Array.from({ length: 20 }, (_, i) => `${String.fromCharCode(97 + i)} is a line`);

/** The built engine with a server of models on loopback. */
export interface RemoteEngine {
  server: EmbeddingServer;
  /** A new folder of this test; its `cache` holds the vectors that are kept. */
  folder: string;
  engine: Engine;
  /** What somebody was asked before texts were sent, and what is answered. */
  asked: Sending[];
  agrees: boolean;
  close(): Promise<void>;
}

export async function remoteEngine(): Promise<RemoteEngine> {
  const made = {
    server: await EmbeddingServer.open(),
    folder: await mkdtemp(path.join(os.tmpdir(), "lens-remote-")),
    asked: [] as Sending[],
    agrees: true,
  };
  const remote = new RemoteModels({
    servers: (provider) => Promise.resolve({ address: made.server[provider], key: "k" }),
  });
  const engine = forkEngine({
    entry: path.resolve("dist/engine.js"),
    cacheFolder: path.join(made.folder, "cache"),
    host: {
      modelFile: (id) => remote.resolve(id),
      remote: {
        confirmSending: (sending) => {
          made.asked.push(sending);
          return Promise.resolve(made.agrees);
        },
        embed: (request, { signal }) => remote.embed(request, signal),
      },
    },
  });
  return Object.assign(made, {
    engine,
    close: async () => {
      await engine.dispose();
      await made.server.close();
      await rm(made.folder, { recursive: true });
    },
  });
}

/** The vectors of lines, without a map. */
export const linesJob = (base: string, model: string, texts: readonly string[] = TEXTS): Job => ({
  base,
  documents: { "lines.txt": texts.join("\n") },
  recipe: parseRecipe({
    version: 1,
    source: { kind: "lines", paths: ["lines.txt"] },
    model,
    reduce: { method: "none" },
  }),
});
