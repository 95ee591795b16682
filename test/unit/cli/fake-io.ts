import type { Engine, EngineHost } from "../../../src/engine/client";
import type { Io } from "../../../src/cli/io";
import { main } from "../../../src/cli/command";
import { RemoteModels, type RemoteOptions } from "../../../src/online/remote/remote-models";
import type { Job } from "../../../src/protocol/engine";
import type { ModelCard } from "../../../src/protocol/models";
import type { MetaColumn, RunResult } from "../../../src/protocol/result";
import { NO_ROLES, type TablePreview } from "../../../src/protocol/table";
import { matrixOf, resultOf } from "../export/fixture";

export interface FakeRun {
  status: number;
  stdout: string;
  stderr: string;
  /** The jobs that reached the engine. */
  jobs: Job[];
}

export interface FakeOptions {
  cwd?: string;
  stdin?: string;
  /** Both stdin and stderr are a terminal; each question gets this answer. */
  answer?: string;
  signal?: AbortSignal;
  texts?: string[];
  change?: Partial<RunResult>;
  /** What a look at a dataset tells. */
  preview?: Partial<TablePreview>;
  /** The other columns of a dataset, with every value. */
  columns?: MetaColumn[];
  /** What the engine does first in a run. */
  onRun?: (host: EngineHost, job: Job) => Promise<void>;
  /** Servers and how they are reached. */
  remote?: RemoteOptions;
  /** A model that would have to be downloaded. */
  absent?: ModelCard;
}

/** Runs the command line with an engine that knows two texts, or those given. */
export async function fakeRun(args: string[], options: FakeOptions = {}): Promise<FakeRun> {
  const run: FakeRun = { status: -1, stdout: "", stderr: "", jobs: [] };
  run.status = await main(args, ioFor(run, options));
  return run;
}

function ioFor(run: FakeRun, options: FakeOptions): Io {
  const isTTY = options.answer !== undefined;
  return {
    cwd: options.cwd ?? process.cwd(),
    stdout: (piece) => {
      run.stdout += piece;
      return Promise.resolve();
    },
    stderr: { isTTY, write: (text) => (run.stderr += text) },
    stdin: {
      isTTY,
      read: () => Promise.resolve(options.stdin ?? ""),
      line: () => Promise.resolve(options.answer ?? ""),
    },
    signal: options.signal ?? new AbortController().signal,
    openEngine: (host) => fakeEngine(run, host, options),
    openModels: () =>
      Promise.resolve({
        list: () => Promise.resolve([]),
        resolve: async (id, { confirm }) => {
          const card = options.absent!;
          if (confirm && !(await confirm(card, 46_820_737, "models.example")))
            throw new Error(`${id} was not confirmed`);
          return { card, folder: "models" };
        },
        import: () => Promise.reject(new Error("not here")),
        add: () => Promise.reject(new Error("not here")),
        remove: () => Promise.resolve(false),
        folder: (id) => Promise.resolve(id),
      }),
    openRemote: () =>
      Promise.resolve(new RemoteModels(options.remote ?? { servers: () => Promise.reject(new Error("no server")) })),
    chartScript: () => Promise.resolve("globalThis.drawEmbeddingLens = () => {};"),
    version: () => Promise.resolve("1.2.3"),
  };
}

function fakeEngine(run: FakeRun, host: EngineHost, options: FakeOptions): Engine {
  const texts = options.texts ?? ["one", "two"];
  const refuse = (): Promise<never> => Promise.reject(new Error("the command line does not ask for this"));
  return {
    run: async (job) => {
      run.jobs.push(job);
      await options.onRun?.(host, job);
      const none = job.recipe.reduce.method === "none" ? { x: new Float32Array(0), y: new Float32Array(0) } : {};
      return { ...resultOf(texts, { ...none, ...options.change }), recipe: job.recipe };
    },
    vectors: () =>
      Promise.resolve({
        rows: texts.length,
        cols: 2,
        data: Float32Array.from({ length: 2 * texts.length }, (_, i) => i),
      }),
    matrix: (_, limit) => Promise.resolve(matrixOf(Math.min(limit, texts.length))),
    texts: (_, index) => Promise.resolve(Array.from(index, (i) => texts[i]!)),
    thumbnail: () => Promise.resolve(null),
    order: (_, limit) =>
      Promise.resolve(
        Int32Array.from({ length: Math.min(limit, texts.length) }, (_, i, n = texts.length) => n - 1 - i),
      ),
    anomalies: (_, threshold) =>
      Promise.resolve({
        ...{ k: 1, threshold, duplicates: [{ items: [0, 1], exact: false, similarity: 0.97 }] },
        outliers: [{ index: 1, score: 4, times: Infinity }],
        doubtful: [{ index: 0, share: 1, label: -1, votes: 1, of: 1 }],
      }),
    compare: refuse,
    search: (_, query, k) =>
      Promise.resolve({
        hits: texts.slice(0, k).map((_, index) => ({ index, similarity: 1 / (query.length + index) })),
        truncated: false,
      }),
    network: (_, settings) =>
      Promise.resolve({
        ...{
          settings,
          least: 0.75,
          total: 2,
          index: Int32Array.of(0, 1),
          x: Float32Array.of(1, 2),
          y: Float32Array.of(3, 4),
        },
        ...{ source: Int32Array.of(0), target: Int32Array.of(1), weight: Float32Array.of(0.75) },
      }),
    columns: () => (options.columns ? Promise.resolve(options.columns) : refuse()),
    record: refuse,
    copy: refuse,
    neighbors: refuse,
    similarity: refuse,
    preview: (job) =>
      Promise.resolve({
        ...{ path: job.recipe.source.paths[0]!, columns: [], header: true, headerOpen: false, rows: [] },
        ...{ used: NO_ROLES, items: "text", problem: null },
        ...options.preview,
      }),
    fingerprint: refuse,
    clearCache: () => Promise.resolve(0),
    limitCache: () => undefined,
    warm: () => undefined,
    dispose: () => Promise.resolve(),
  };
}
