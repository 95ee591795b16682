import { readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { COMPANION_EXTENSIONS } from "./tables/companions";
import { extensionOf } from "./items/paths";
import type { TaskArgs, TaskName } from "./tasks";

/** What costs about as much as the start of a thread (0.1 s of processor): bytes of a file, and entries of its folder, */
const FEW_BYTES = 1 << 20;
const FEW_ENTRIES = 1_000;
/** items whose layout and figures are computed, and multiply-adds over all their pairs. */
const FEW_ITEMS = 50;
const FEW_OPERATIONS = 1e7;

/** Whether a task is done about as soon as a thread has started for it. */
export function isSmall<T extends TaskName>(task: T, args: TaskArgs<T>): boolean {
  switch (task) {
    case "fingerprint":
    case "preview":
    case "items":
    case "columns":
      return isSmallSource(args as TaskArgs<"fingerprint">);
    case "neighbors":
    case "reduce":
    case "quality": {
      const { rows, cols } = (args as TaskArgs<"neighbors">).matrix;
      return rows <= FEW_ITEMS && rows * rows * cols <= FEW_OPERATIONS;
    }
    default:
      return false;
  }
}

/** One file of vectors, with all that may be put to it from beside it. */
function isSmallSource({ source, base, documents }: TaskArgs<"fingerprint">): boolean {
  const [path, ...others] = source.paths;
  if (path === undefined || others.length > 0 || documents || source.texts || source.kind !== "vectors") return false;
  const file = resolve(base, path);
  try {
    const found = statSync(file);
    return found.isFile() && found.size <= FEW_BYTES && (source.texts === null || areCompanionsSmall(file));
  } catch {
    // The task itself says what is wrong.
    return false;
  }
}

function areCompanionsSmall(file: string): boolean {
  const folder = dirname(file);
  const names = readdirSync(folder);
  if (names.length > FEW_ENTRIES) return false;
  const companions = names.filter((name) => COMPANION_EXTENSIONS.has(extensionOf(name)));
  return companions.reduce((bytes, name) => bytes + statSync(join(folder, name)).size, 0) <= FEW_BYTES;
}
