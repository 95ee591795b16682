import { parentPort } from "node:worker_threads";
import { toErrorData } from "../protocol/errors";
import { TASKS, type TaskReply, type TaskRequest } from "./tasks";
import type { StageContext } from "./types";

// A thread of the engine: runs one task after another. It is cancelled by being ended from outside.
const port = parentPort!;
const reply = (message: TaskReply, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
const never = new AbortController().signal;
const REPORT_EVERY_MS = 50;

port.on("message", (request: TaskRequest) => void run(request));

async function run({ id, task, args }: TaskRequest): Promise<void> {
  let reported = 0;
  const ctx: StageContext = {
    signal: never,
    report: (done, total) => {
      const now = performance.now();
      if (now - reported < REPORT_EVERY_MS && done < total) return;
      reported = now;
      reply({ id, kind: "progress", done, total });
    },
  };
  try {
    const handler = TASKS[task] as (args: unknown, ctx: StageContext) => unknown;
    const answer = await handler(args, ctx);
    reply({ id, kind: "answer", answer }, buffersOf(answer));
  } catch (error) {
    reply({ id, kind: "error", error: toErrorData(error) });
  }
}

/** The buffers of the typed arrays at the top of an answer: they are moved, not copied. */
function buffersOf(answer: unknown): ArrayBuffer[] {
  const values: unknown[] =
    ArrayBuffer.isView(answer) || typeof answer !== "object" || answer === null ? [answer] : Object.values(answer);
  const buffers = new Set<ArrayBuffer>();
  for (const value of values) {
    if (
      ArrayBuffer.isView(value) &&
      value.buffer instanceof ArrayBuffer &&
      value.byteLength === value.buffer.byteLength
    ) {
      buffers.add(value.buffer);
    }
  }
  return [...buffers];
}
