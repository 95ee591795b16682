import { isCancelled, LensError } from "../protocol/errors";
import { askCommand } from "./ask";
import { parseCommand } from "./arguments";
import type { Io } from "./io";
import { modelsCommand } from "./models";
import { runCommand } from "./run";
import { plain } from "./terminal";
import { HELP, UsageError } from "./usage";

export const EXIT = { done: 0, failed: 1, usage: 2, cancelled: 130 } as const;

/** Does what the arguments say. Answers the exit status; every failure is one sentence on stderr. */
export async function main(args: readonly string[], io: Io): Promise<number> {
  try {
    const command = parseCommand(args);
    switch (command.name) {
      case "help":
        await io.stdout(HELP);
        break;
      case "version":
        await io.stdout(`${await io.version()}\n`);
        break;
      case "models":
        await modelsCommand(command, io);
        break;
      case "search":
      case "compare":
      case "network":
      case "findings":
        await askCommand({ ...command, name: command.name }, io);
        break;
      case "map":
      case "similarity":
      case "embed":
        await runCommand({ ...command, name: command.name }, io);
    }
    return EXIT.done;
  } catch (error) {
    if (io.signal.aborted || isCancelled(error)) {
      io.stderr.write("Cancelled.\n");
      return EXIT.cancelled;
    }
    return report(error, io);
  }
}

function report(error: unknown, io: Io): number {
  const message = error instanceof Error ? error.message : String(error);
  const usage = error instanceof UsageError || (error instanceof LensError && error.reason === "recipe");
  io.stderr.write(`embedding-lens: ${plain(message)}\n`);
  if (error instanceof UsageError) io.stderr.write("Try embedding-lens --help.\n");
  return usage ? EXIT.usage : EXIT.failed;
}
