import { setMaxListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Forming } from "../protocol/engine";
import { cancelled, fromErrorData, LensError } from "../protocol/errors";
import { NativeGate, type GateData } from "./native-gate";
import type { isSmall } from "./small";
import type { TaskAnswer, TaskArgs, TaskName, TaskReply, TaskRequest } from "./tasks";
import type { Report } from "./types";

interface Pending {
  request: TaskRequest;
  options: ExecOptions;
  resolve: (answer: unknown) => void;
  reject: (error: unknown) => void;
}

interface Thread {
  worker: Worker;
  gate: NativeGate;
  running: Map<number, Pending>;
}

export interface ExecOptions {
  report?: Report;
  signal?: AbortSignal;
  /** Given: a long layout is shown as it forms. */
  onForming?: (forming: Forming) => void;
  /** Aborting it makes a layout end and keep what there is. */
  enough?: AbortSignal;
}

/** A shared number that becomes 1 with the signal: only from now on, what has not begun cannot have had enough. */
function flagOf(signal: AbortSignal): Int32Array {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  signal.addEventListener("abort", () => Atomics.store(flag, 0, 1), { once: true });
  return flag;
}

/** Passes on what a thread says of a task; whether it was the last. */
function settled({ options, resolve, reject }: Pending, reply: Exclude<TaskReply, { kind: "notice" }>): boolean {
  switch (reply.kind) {
    case "progress":
      options.report?.(reply.done, reply.total);
      return false;
    case "forming":
      options.onForming?.(reply.forming);
      return false;
    case "answer":
      resolve(reply.answer);
      return true;
    case "error":
      reject(fromErrorData(reply.error));
      return true;
  }
}

/** Tasks that need no thread: which they are, and the code of `few.ts`. */
export interface Here {
  isSmall: typeof isSmall;
  load: () => Pick<typeof import("./few"), "serveFew">;
}

/** How long a thread that is to be ended may stay in native code: a batch of the slowest model. */
const NATIVE_PATIENCE_MS = 10_000;

/**
 * Threads that run tasks. They start when first needed; a cancelled task ends its thread, so nothing is left running. Tasks that `here`
 * names run in this thread instead: they are over before a thread has started.
 */
export class Pool {
  private readonly threads: Thread[] = [];
  private readonly queue: Pending[] = [];
  private readonly endings = new Set<Promise<unknown>>();
  private nextId = 1;
  private closed = false;

  /**
   * @param workerFile the built worker script
   * @param size how many threads at most
   * @param notice gets what a thread has to say to the person, perhaps several times
   * @param depth how many tasks a thread holds at once: 2 lets it prepare the next while one computes
   * @param here which tasks run in this thread at once; absent: none
   */
  constructor(
    private readonly workerFile: string,
    readonly size: number,
    private readonly depth = 1,
    private readonly notice: (text: string) => void = () => undefined,
    private readonly here: Here | null = null,
  ) {}

  /** Runs a task. @throws LensError: the task's own, "cancelled", or "engine" when the thread died */
  exec<T extends TaskName>(task: T, args: TaskArgs<T>, options: ExecOptions = {}): Promise<TaskAnswer<T>> {
    const { signal } = options;
    if (this.closed || signal?.aborted) return Promise.reject(cancelled());
    // Hundreds of tasks of one run wait on its signal: no leak, which Node would warn of above ten.
    if (signal) setMaxListeners(0, signal);
    return new Promise<unknown>((resolve, reject) => {
      const enough = options.enough && flagOf(options.enough);
      const show = options.onForming !== undefined;
      const request = { id: this.nextId++, task, args, ...(show && { show }), ...(enough && { enough }) };
      const pending: Pending = { request, options, resolve, reject };
      const onAbort = (): void => this.abort(pending);
      signal?.addEventListener("abort", onAbort, { once: true });
      const settle = <V>(then: (value: V) => void) => {
        return (value: V): void => {
          signal?.removeEventListener("abort", onAbort);
          then(value);
        };
      };
      pending.resolve = settle(resolve);
      pending.reject = settle(reject);
      if (this.here?.isSmall(task, args)) {
        void this.runHere(this.here.load, pending);
        return;
      }
      this.queue.push(pending);
      this.dispatch();
    }) as Promise<TaskAnswer<T>>;
  }

  /** Starts one thread ahead of the first task. */
  warm(): void {
    if (this.threads.length === 0 && !this.closed) this.start();
  }

  async dispose(): Promise<void> {
    this.closed = true;
    for (const pending of this.queue.splice(0)) pending.reject(cancelled());
    for (const thread of [...this.threads]) this.end(thread, cancelled());
    await Promise.all(this.endings);
  }

  private dispatch(): void {
    if (this.closed) for (const pending of this.queue.splice(0)) pending.reject(cancelled());
    while (this.queue.length > 0) {
      const thread = this.freeThread();
      if (!thread) return;
      const pending = this.queue.shift()!;
      thread.running.set(pending.request.id, pending);
      try {
        thread.worker.postMessage(pending.request);
      } catch (error) {
        thread.running.delete(pending.request.id);
        pending.reject(error);
      }
    }
  }

  /** The least busy thread with room, or a new one while there may be more. */
  private freeThread(): Thread | undefined {
    const least = this.threads.reduce<Thread | undefined>(
      (best, thread) => (!best || thread.running.size < best.running.size ? thread : best),
      undefined,
    );
    if (least?.running.size === 0) return least;
    if (this.threads.length < this.size) return this.start();
    return least && least.running.size < this.depth ? least : undefined;
  }

  private start(): Thread {
    const gate = new NativeGate();
    const worker = new Worker(this.workerFile, { workerData: { gate: gate.state } satisfies GateData });
    const thread: Thread = { worker, gate, running: new Map() };
    this.threads.push(thread);
    worker.on("message", (reply: TaskReply) => this.receive(thread, reply));
    worker.on("error", (error: Error & { code?: string }) => {
      const message =
        error.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? "There was not enough memory for this run. Try fewer items or a smaller model."
          : `A thread of the engine failed: ${error.message}`;
      this.end(thread, new LensError("engine", message));
    });
    worker.on("exit", () => this.end(thread, new LensError("engine", "A thread of the engine stopped.")));
    return thread;
  }

  private receive(thread: Thread, reply: TaskReply): void {
    if (reply.kind === "notice") return this.notice(reply.text);
    const pending = thread.running.get(reply.id);
    if (!pending || !settled(pending, reply)) return;
    thread.running.delete(reply.id);
    this.dispatch();
  }

  /** What is computed with is no copy, so that what a task keeps of it (distances, lengths) serves the next. Ctrl+C is heard before and after. */
  private async runHere(load: Here["load"], pending: Pending): Promise<void> {
    const { signal } = pending.options;
    try {
      await setImmediate();
      if (signal?.aborted) return;
      const { serveFew } = load();
      const replies: TaskReply[] = [];
      await serveFew(pending.request, (reply) => replies.push(reply), signal ?? new AbortController().signal);
      await setImmediate();
      for (const reply of replies) {
        if (reply.kind === "notice") this.notice(reply.text);
        else if (!signal?.aborted) settled(pending, reply);
      }
    } catch (error) {
      pending.reject(error);
    }
  }

  private abort(pending: Pending): void {
    const at = this.queue.indexOf(pending);
    if (at >= 0) this.queue.splice(at, 1);
    const thread = this.threads.find(({ running }) => running.has(pending.request.id));
    thread?.running.delete(pending.request.id);
    pending.reject(cancelled());
    if (thread) this.end(thread, null);
  }

  /** Ends a thread. Its tasks fail with `error`; with null they are innocent and move to another thread. */
  private end(thread: Thread, error: LensError | null): void {
    const at = this.threads.indexOf(thread);
    if (at < 0) return;
    this.threads.splice(at, 1);
    for (const pending of thread.running.values()) {
      if (error) pending.reject(error);
      else this.queue.unshift(pending);
    }
    thread.running.clear();
    // Later, when all that are cancelled together have left: else each would start a thread for the next.
    queueMicrotask(() => this.dispatch());
    const ending = thread.gate.close(NATIVE_PATIENCE_MS).then(() => thread.worker.terminate());
    this.endings.add(ending);
    void ending.finally(() => this.endings.delete(ending));
  }
}
