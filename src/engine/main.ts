import os from "node:os";
import path from "node:path";
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from "vscode-jsonrpc/node";
import { EngineNotifications, EngineRequests, HostNotifications, HostRequests, type Forming } from "../protocol/engine";
import { call, callToEnd, handle } from "../protocol/rpc";
import { once, threadsBesideEditor } from "./local";
import { compareRuns } from "./run/compare-models";
import { Pool } from "./pool";
import { openOnce } from "./store/open";
import type { RunContext } from "./run/context";
import { Pipeline } from "./run/pipeline";

// The engine process: its main thread only passes messages; its threads do the work. It ends with its host.
process.on("disconnect", () => process.exit());
try {
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Some containers forbid it; the editor then shares the processor on equal terms.
}

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
const workerFile = path.join(__dirname, "worker.js");
const notice = once((text) => void connection.sendNotification(EngineNotifications.notice, { text }));
const pool = new Pool(workerFile, threadsBesideEditor(), 2, notice);
const lane = new Pool(workerFile, 1, 1, notice);
const store = openOnce(process.argv[2]);
const pipeline = new Pipeline(
  pool,
  lane,
  (id, { runId, signal }) => call(connection, HostRequests.modelFile, { id, runId }, signal),
  store,
  {
    confirm: (sending, { runId, signal }) => call(connection, HostRequests.confirmSending, { sending, runId }, signal),
    embed: (request, { runId, signal }) =>
      callToEnd(connection, HostRequests.embedRemotely, { request, runId }, signal),
  },
  {
    confirm: (hosts, { runId, signal }) => call(connection, HostRequests.confirmHosts, { hosts, runId }, signal),
    load: (request, { runId, signal }) => call(connection, HostRequests.remoteFile, { ...request, runId }, signal),
  },
);

const context = (runId: number, signal: AbortSignal): RunContext => ({
  runId,
  signal,
  onProgress: (progress) => void connection.sendNotification(EngineNotifications.progress, { runId, progress }),
});

const enough = new Map<number, AbortController>();
connection.onNotification(HostNotifications.enough, ({ runId }) => enough.get(runId)?.abort());
handle(connection, EngineRequests.run, async ({ job, runId, forming, keepStopped }, signal) => {
  const stop = new AbortController();
  enough.set(runId, stop);
  try {
    const onForming = (layout: Forming): void =>
      void connection.sendNotification(EngineNotifications.forming, { runId, forming: layout });
    return await pipeline.run(job, {
      ...context(runId, signal),
      ...(forming && { onForming }),
      ...(keepStopped && { keepStopped }),
      enough: stop.signal,
    });
  } finally {
    enough.delete(runId);
  }
});
handle(connection, EngineRequests.vectors, ({ job, runId }, signal) => pipeline.vectors(job, context(runId, signal)));
handle(connection, EngineRequests.matrix, ({ job, runId, limit }, signal) =>
  pipeline.matrix(job, limit, context(runId, signal)),
);
handle(connection, EngineRequests.order, ({ job, runId, limit }, signal) =>
  pipeline.order(job, limit, context(runId, signal)),
);
handle(connection, EngineRequests.anomalies, ({ job, runId, threshold }, signal) =>
  pipeline.questions.anomalies(job, threshold, context(runId, signal)),
);
handle(connection, EngineRequests.compare, ({ job, runId, model, k }, signal) =>
  compareRuns(pipeline, pool, job, { model, k }, context(runId, signal)),
);
handle(connection, EngineRequests.search, ({ job, runId, query, k }, signal) =>
  pipeline.questions.search(job, query, k, context(runId, signal)),
);
handle(connection, EngineRequests.network, ({ job, runId, settings, limit }, signal) =>
  pipeline.questions.network(job, settings, limit, context(runId, signal)),
);
handle(connection, EngineRequests.texts, ({ job, index, maxLength }) =>
  pipeline.questions.texts(job, index, maxLength),
);
handle(connection, EngineRequests.thumbnail, ({ job, index, size }) => pipeline.questions.thumbnail(job, index, size));
handle(connection, EngineRequests.copy, ({ job, runId, column, target }, signal) =>
  pipeline.questions.copy(job, column, target, context(runId, signal)),
);
handle(connection, EngineRequests.columns, ({ job, runId, index }, signal) =>
  pipeline.questions.columns(job, index, context(runId, signal)),
);
handle(connection, EngineRequests.record, ({ job, index }) => pipeline.questions.record(job, index));
handle(connection, EngineRequests.neighbors, ({ job, index, k }) => pipeline.questions.neighbors(job, index, k));
handle(connection, EngineRequests.similarity, ({ job, a, b }) => pipeline.questions.similarity(job, a, b));
handle(connection, EngineRequests.preview, ({ job }) => pipeline.questions.preview(job));
handle(connection, EngineRequests.clearCache, () => store.clear());
handle(connection, EngineRequests.fingerprint, ({ job }) => pipeline.questions.fingerprint(job));
connection.onNotification(HostNotifications.limitCache, ({ bytes }) => store.limit(bytes));
connection.listen();
pool.warm();
