import path from "node:path";
import { forkEngine, type Engine, type PictureHost, type RemoteHost } from "../engine/client";
import { embeddingsFolder } from "../online/home";
import type { ModelService } from "./model-service";

/** The engine process of this window: one for all panels, started with the first command. */
export function startEngine(
  packageRoot: string,
  models: ModelService,
  remote: RemoteHost,
  pictures: PictureHost,
  cacheLimit: number,
  notice: (text: string) => void,
  log: (line: string) => void,
): Engine {
  return forkEngine({
    entry: path.join(packageRoot, "dist", "engine.js"),
    host: {
      modelFile: (id, run) => models.resolve(id, run.signal, (progress) => run.progress(progress)),
      remote,
      pictures,
      notice,
    },
    cacheFolder: embeddingsFolder(),
    cacheLimit,
    onExit: (error) => log(error.message),
    log,
  });
}
