import os from "node:os";
import type { Engine, EngineHost, RunOptions } from "./client";
import { compareRuns } from "./run/compare-models";
import { Pool, type Here } from "./pool";
import { isSmall } from "./small";
import { openOnce } from "./store/open";
import type { RunContext } from "./run/context";
import { Pipeline } from "./run/pipeline";

export interface LocalOptions {
  /** The built worker script. */
  workerFile: string;
  /** Loads the code of tasks that need no thread; absent: all run in threads. */
  few?: Here["load"];
  host: EngineHost;
  /** Threads at most; default: the number of cores, up to 6. */
  threads?: number;
  /** Where vectors are kept between runs; absent: nowhere. */
  cacheFolder?: string;
}

const MAX_THREADS = 6;

/** Calls back for each different text once. */
export function once(tell: (text: string) => void): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (told.has(text)) return;
    told.add(text);
    tell(text);
  };
}

/** Threads that leave one core to the editor. */
export const threadsBesideEditor = (): number => Math.max(1, Math.min(os.availableParallelism() - 1, MAX_THREADS));

/** The engine in this process: its stages run in worker threads. */
export function localEngine({ workerFile, few, host, threads, cacheFolder }: LocalOptions): Engine {
  const size = threads ?? Math.min(os.availableParallelism(), MAX_THREADS);
  const notice = once((text) => host.notice?.(text));
  const pool = new Pool(workerFile, size, 2, notice, few ? { isSmall, load: few } : null);
  // Nobody hovers while this engine runs: short questions need no thread of their own.
  const lane = pool;
  const store = openOnce(cacheFolder);
  const { remote, pictures } = host;
  const pipeline = new Pipeline(
    pool,
    lane,
    (id, { signal, onProgress }) => host.modelFile(id, { signal, progress: onProgress }),
    store,
    remote
      ? {
          confirm: (sending, { signal }) => remote.confirmSending(sending, { signal }),
          embed: (request, { signal }) => remote.embed(request, { signal }),
        }
      : null,
    pictures
      ? {
          confirm: (hosts, { signal }) => pictures.confirmHosts(hosts, { signal }),
          load: ({ url, maxBytes }, { signal }) => pictures.remoteFile(url, maxBytes, { signal }),
        }
      : null,
  );
  return {
    run: (job, options) => pipeline.run(job, contextOf(options)),
    vectors: (job, options) => pipeline.vectors(job, contextOf(options)),
    matrix: (job, limit, options) => pipeline.matrix(job, limit, contextOf(options)),
    order: (job, limit, options) => pipeline.order(job, limit, contextOf(options)),
    anomalies: (job, threshold, options) => pipeline.questions.anomalies(job, threshold, contextOf(options)),
    compare: (job, model, k, options) => compareRuns(pipeline, pool, job, { model, k }, contextOf(options)),
    search: (job, query, k, options) => pipeline.questions.search(job, query, k, contextOf(options)),
    network: (job, settings, limit, options) => pipeline.questions.network(job, settings, limit, contextOf(options)),
    texts: (job, index, maxLength) => pipeline.questions.texts(job, index, maxLength),
    thumbnail: (job, index, size) => pipeline.questions.thumbnail(job, index, size),
    copy: (job, column, target, options) => pipeline.questions.copy(job, column, target, contextOf(options)),
    columns: (job, index, options) => pipeline.questions.columns(job, index, contextOf(options)),
    record: (job, index) => pipeline.questions.record(job, index),
    neighbors: (job, index, k) => pipeline.questions.neighbors(job, index, k),
    similarity: (job, a, b) => pipeline.questions.similarity(job, a, b),
    preview: (job) => pipeline.questions.preview(job),
    fingerprint: (job) => pipeline.questions.fingerprint(job),
    clearCache: () => store.clear(),
    limitCache: (bytes) => store.limit(bytes),
    warm: () => pool.warm(),
    dispose: async () => {
      pipeline.dispose();
      await pool.dispose();
      await store.close();
    },
  };
}

const contextOf = (options: RunOptions = {}): RunContext => ({
  runId: 0,
  signal: options.signal ?? new AbortController().signal,
  onProgress: (progress) => options.onProgress?.(progress),
  ...(options.onForming && { onForming: options.onForming }),
  ...(options.enough && { enough: options.enough }),
  ...(options.keepStopped && { keepStopped: true }),
});
