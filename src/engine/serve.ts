import { toErrorData } from "../protocol/errors";
import { onnxNotice } from "./embed/onnx-runtime";
import type { TaskReply, TaskRequest } from "./tasks";
import type { StageContext } from "./types";

/** Takes what is said of a task. */
export type Reply = (message: TaskReply, transfer: ArrayBuffer[]) => void;

const never = new AbortController().signal;
const REPORT_EVERY_MS = 50;
/** A layout that is there sooner is not shown before; a longer one at most five times a second. */
const SHOW_AFTER_MS = 1_000;
const SHOW_EVERY_MS = 200;

/** Runs a task; the last that is said is its answer or its error. */
export async function serve(
  tasks: object,
  { id, task, args, show, enough }: TaskRequest,
  reply: Reply,
  signal: AbortSignal = never,
): Promise<void> {
  let reported = 0;
  let shown = performance.now() + SHOW_AFTER_MS - SHOW_EVERY_MS;
  const ctx: StageContext = {
    signal,
    report: (done, total) => {
      const now = performance.now();
      if (now - reported < REPORT_EVERY_MS && done < total) return;
      reported = now;
      reply({ id, kind: "progress", done, total }, []);
    },
    ...(show && {
      show: (done, total, columns) => {
        const now = performance.now();
        if (now - shown < SHOW_EVERY_MS) return;
        shown = now;
        const forming = { ...columns(), done, total };
        reply({ id, kind: "forming", forming }, buffersOf(forming));
      },
    }),
    ...(enough && { enough: () => Atomics.load(enough, 0) === 1 }),
  };
  try {
    const handler = (tasks as Record<string, (args: unknown, ctx: StageContext) => unknown>)[task]!;
    const answer = await handler(args, ctx);
    tellOnce(id, reply);
    reply({ id, kind: "answer", answer }, buffersOf(answer));
  } catch (error) {
    reply({ id, kind: "error", error: toErrorData(error) }, []);
  }
}

let told: string | null = null;

function tellOnce(id: number, reply: Reply): void {
  const notice = onnxNotice();
  if (notice !== null && notice !== told) reply({ id, kind: "notice", text: notice }, []);
  told = notice;
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
