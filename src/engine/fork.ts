import { fork, type ChildProcess } from "node:child_process";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import type { RequestType } from "vscode-jsonrpc";
import { EngineNotifications, EngineRequests, HostNotifications, HostRequests } from "../protocol/engine";
import { LensError, type ErrorData } from "../protocol/errors";
import { call, handle } from "../protocol/rpc";
import type { Engine, EngineHost, RunOptions } from "./client";
import { engineEnvironment } from "./environment";

export interface ForkOptions {
  /** The built script of the engine process. */
  entry: string;
  host: EngineHost;
  /** Where vectors are kept between runs; absent: nowhere. */
  cacheFolder?: string;
  /** Bytes that they may take; absent: as many as was last said. */
  cacheLimit?: number;
  /** The process ended by itself: killed, out of memory, or crashed. It starts again with the next call. */
  onExit?: (error: LensError) => void;
  /** What the process prints, line by line. */
  log?: (line: string) => void;
}

interface Running {
  child: ChildProcess;
  connection: MessageConnection;
  /** Rejects when the process ends. */
  died: Promise<never>;
}

/** The engine in a process of its own: whatever happens to it, its host lives on. */
export function forkEngine({ entry, host, cacheFolder, cacheLimit, onExit, log }: ForkOptions): Engine {
  let limit = cacheLimit;
  const runs = new Map<number, RunOptions>();
  let running: Running | null = null;
  let nextRun = 1;
  let disposed = false;

  const start = (): Running => {
    const child = fork(entry, cacheFolder === undefined ? [] : [cacheFolder], {
      env: engineEnvironment(process.env),
      execArgv: [],
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (data: Buffer) => log?.(data.toString().trimEnd()));
    const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    const died = new Promise<never>((_, reject) => {
      const end = (how: string): void => {
        if (running?.child !== child) return;
        running = null;
        const error = new LensError(
          "engine",
          `The embedding engine stopped (${how}). Your files are unchanged; try again.`,
        );
        reject(error);
        connection.dispose();
        if (!disposed) onExit?.(error);
      };
      child.once("exit", (code, signal) => end(signal ?? `exit code ${code}`));
      child.once("error", (error) => end(error.message));
    });
    died.catch(() => undefined);
    handle(connection, HostRequests.modelFile, ({ id, runId }, signal) =>
      host.modelFile(id, { signal, progress: (progress) => runs.get(runId)?.onProgress?.(progress) }),
    );
    const { remote } = host;
    if (remote) {
      handle(connection, HostRequests.confirmSending, ({ sending }, signal) =>
        remote.confirmSending(sending, { signal }),
      );
      handle(connection, HostRequests.embedRemotely, ({ request }, signal) => remote.embed(request, { signal }));
    }
    const { pictures } = host;
    if (pictures) {
      handle(connection, HostRequests.confirmHosts, ({ hosts }, signal) => pictures.confirmHosts(hosts, { signal }));
      handle(connection, HostRequests.remoteFile, ({ url, maxBytes }, signal) =>
        pictures.remoteFile(url, maxBytes, { signal }),
      );
    }
    connection.onNotification(EngineNotifications.progress, ({ runId, progress }) =>
      runs.get(runId)?.onProgress?.(progress),
    );
    connection.onNotification(EngineNotifications.forming, ({ runId, forming }) =>
      runs.get(runId)?.onForming?.(forming),
    );
    connection.onNotification(EngineNotifications.notice, ({ text }) => host.notice?.(text));
    connection.onError(([error]) => log?.(error.message));
    connection.listen();
    if (limit !== undefined) void connection.sendNotification(HostNotifications.limitCache, { bytes: limit });
    return { child, connection, died };
  };

  const ask = async <P, R>(type: RequestType<P, R, ErrorData>, params: P, signal?: AbortSignal): Promise<R> => {
    if (disposed) throw new LensError("engine", "The embedding engine was closed.");
    running ??= start();
    const { connection, died } = running;
    const answer = call(connection, type, params, signal);
    answer.catch(() => undefined);
    return Promise.race([died, answer]);
  };

  /** A call that reports progress under a number of its own. */
  const askRun = async <P extends { runId: number }, R>(
    type: RequestType<P, R, ErrorData>,
    params: (runId: number) => P,
    options: RunOptions = {},
  ): Promise<R> => {
    const runId = nextRun++;
    runs.set(runId, options);
    const stop = (): void => void running?.connection.sendNotification(HostNotifications.enough, { runId });
    options.enough?.addEventListener("abort", stop, { once: true });
    try {
      return await ask(type, params(runId), options.signal);
    } finally {
      options.enough?.removeEventListener("abort", stop);
      runs.delete(runId);
    }
  };

  return {
    run: (job, options) =>
      askRun(
        EngineRequests.run,
        (runId) => ({
          job,
          runId,
          forming: options?.onForming !== undefined,
          keepStopped: options?.keepStopped === true,
        }),
        options,
      ),
    vectors: (job, options) => askRun(EngineRequests.vectors, (runId) => ({ job, runId }), options),
    matrix: (job, limit, options) => askRun(EngineRequests.matrix, (runId) => ({ job, runId, limit }), options),
    order: (job, limit, options) => askRun(EngineRequests.order, (runId) => ({ job, runId, limit }), options),
    anomalies: (job, threshold, options) =>
      askRun(EngineRequests.anomalies, (runId) => ({ job, runId, threshold }), options),
    compare: (job, model, k, options) => askRun(EngineRequests.compare, (runId) => ({ job, runId, model, k }), options),
    search: (job, query, k, options) => askRun(EngineRequests.search, (runId) => ({ job, runId, query, k }), options),
    network: (job, settings, limit, options) =>
      askRun(EngineRequests.network, (runId) => ({ job, runId, settings, limit }), options),
    texts: (job, index, maxLength) => ask(EngineRequests.texts, { job, index, maxLength }),
    thumbnail: (job, index, size) => ask(EngineRequests.thumbnail, { job, index, size }),
    copy: (job, column, target, options) =>
      askRun(EngineRequests.copy, (runId) => ({ job, runId, column, target }), options),
    columns: (job, index, options) => askRun(EngineRequests.columns, (runId) => ({ job, runId, index }), options),
    record: (job, index) => ask(EngineRequests.record, { job, index }),
    neighbors: (job, index, k) => ask(EngineRequests.neighbors, { job, index, k }),
    similarity: (job, a, b) => ask(EngineRequests.similarity, { job, a, b }),
    preview: (job) => ask(EngineRequests.preview, { job }),
    fingerprint: (job) => ask(EngineRequests.fingerprint, { job }),
    clearCache: () => ask(EngineRequests.clearCache, {}),
    limitCache: (bytes) => {
      limit = bytes;
      void running?.connection.sendNotification(HostNotifications.limitCache, { bytes });
    },
    warm: () => {
      if (!disposed) running ??= start();
    },
    dispose: async () => {
      disposed = true;
      const child = running?.child;
      if (!child) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.disconnect();
      const timer = setTimeout(() => child.kill("SIGKILL"), 1_000);
      await ended;
      clearTimeout(timer);
    },
  };
}
