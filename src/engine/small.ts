import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { TaskArgs, TaskName } from "./tasks";

/** Bytes of a file, and multiply-adds over all pairs of items, that cost less than the start of a thread (0.1 s of processor). */
const FEW_BYTES = 1 << 20;
const FEW_OPERATIONS = 4e7;
/** Items whose layout, clusters and figures do. */
const FEW_ITEMS = 100;

/** Whether a task is done sooner than a thread has started for it. */
export function isSmall<T extends TaskName>(task: T, args: TaskArgs<T>): boolean {
  switch (task) {
    case "fingerprint":
    case "preview":
    case "items":
      return isSmallSource(args as TaskArgs<"fingerprint">);
    case "neighbors":
    case "reduce":
    case "cluster":
    case "quality": {
      const { rows, cols } = (args as TaskArgs<"neighbors">).matrix;
      return rows <= FEW_ITEMS && rows * rows * cols <= FEW_OPERATIONS;
    }
    default:
      return false;
  }
}

function isSmallSource({ source, base, documents }: TaskArgs<"fingerprint">): boolean {
  const [path, ...others] = source.paths;
  if (path === undefined || others.length > 0 || documents) return false;
  const found = statSync(resolve(base, path), { throwIfNoEntry: false });
  return found !== undefined && found.isFile() && found.size <= FEW_BYTES;
}
