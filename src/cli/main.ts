import { readFile } from "node:fs/promises";
import path from "node:path";
import { addAbortSignal } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { isatty } from "node:tty";
import { removeUnfinished } from "../export";
import { embeddingsFolder } from "../online/home";
import { LensError } from "../protocol/errors";
import { EXIT, main } from "./command";
import { load } from "./code-cache";
import type { Io } from "./io";

/** How long a run may take to end after Ctrl+C. */
const GRACE_MS = 150;

const cancel = new AbortController();
/** The exit status of the signal that stopped the run. */
let stopped: number | undefined;

/** The folder of package.json: the parent of dist. */
const packageRoot = path.dirname(__dirname);

function end(status: number): never {
  removeUnfinished();
  process.exit(status);
}

/**
 * Ctrl+C: the run stops and cleans up. If that takes too long, or at a second one, the signal ends the process at once
 * (a shell sees the same status): `process.exit` would wait for the threads.
 */
function onSignal(signal: "SIGINT" | "SIGTERM", status: number): void {
  const kill = (): void => {
    removeUnfinished();
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  };
  if (cancel.signal.aborted) return kill();
  stopped = status;
  cancel.abort();
  setTimeout(kill, GRACE_MS).unref();
}

/** Who reads our output may leave when they have enough (`| head`): that is no failure. */
function onPipeError(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") process.stderr.write(`embedding-lens: ${error.message}\n`);
  end(error.code === "EPIPE" ? EXIT.done : EXIT.failed);
}

async function write(piece: string): Promise<void> {
  await new Promise<void>((resolve) => process.stdout.write(piece, () => resolve()));
  await setImmediate(); // lets Ctrl+C through
}

async function readStdin(): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of addAbortSignal(cancel.signal, process.stdin)) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}

async function readAnswer(): Promise<string> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin });
  try {
    return await lines.question("", { signal: cancel.signal });
  } finally {
    lines.close();
  }
}

const io: Io = {
  cwd: process.cwd(),
  stdout: write,
  stderr: process.stderr,
  stdin: { isTTY: isatty(0), read: readStdin, line: readAnswer },
  signal: cancel.signal,
  openEngine: async (host, cacheFolder = embeddingsFolder()) => {
    const { localEngine } = await import("./local-engine");
    const workerFile = path.join(__dirname, "worker.js");
    let few: typeof import("../engine/few") | undefined;
    const loadFew = (): NonNullable<typeof few> =>
      (few ??= load(path.join(__dirname, "few.js")) as NonNullable<typeof few>);
    return localEngine({ workerFile, few: loadFew, host, ...(cacheFolder === null ? {} : { cacheFolder }) });
  },
  openModels: async ({ mirror, offline }) => {
    const { openModelStore } = await import("./online");
    return openModelStore({
      packageRoot,
      ...(mirror === undefined ? {} : { mirror }),
      ...(offline === undefined ? {} : { offline: () => true }),
    });
  },
  openRemote: async (log, { offline }) => {
    const { environmentServers, RemoteModels } = await import("./online");
    return new RemoteModels({
      servers: environmentServers(process.env, process.cwd()),
      log,
      ...(offline === undefined ? {} : { offline: () => true }),
    });
  },
  chartScript: () =>
    readFile(path.join(__dirname, "chart.js"), "utf8").catch((error: unknown) => {
      throw new LensError("internal", "The script of the charts is missing: build or install again.", { cause: error });
    }),
  version: async () => {
    const manifest = JSON.parse(await readFile(path.join(packageRoot, "package.json"), "utf8")) as { version: string };
    return manifest.version;
  },
};

process.on("SIGINT", () => onSignal("SIGINT", EXIT.cancelled));
process.on("SIGTERM", () => onSignal("SIGTERM", 143));
process.stdout.on("error", onPipeError);
process.stderr.on("error", () => undefined);
void main(process.argv.slice(2), io).then((status) => end(stopped ?? status));
