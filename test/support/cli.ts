import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const CLI = path.resolve("dist/cli.js");

/** Models and embeddings of these tests: none of the person who runs them. */
const home = mkdtempSync(path.join(os.tmpdir(), "lens-home-"));
process.on("exit", () => rmSync(home, { recursive: true, force: true }));

export interface CliOptions {
  cwd: string;
  stdin?: Buffer;
  env?: Record<string, string>;
}

export interface CliEnd {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunningCli {
  child: ChildProcessWithoutNullStreams;
  ended: Promise<CliEnd>;
  /** Resolves when stderr says so, or when the process has ended. */
  said(pattern: RegExp): Promise<void>;
  /** Resolves when the command reads its stdin: its signal handlers are there. */
  reads(): Promise<void>;
}

/** Runs the built command line to its end. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliEnd> {
  const cli = startCli(args, options);
  cli.child.stdin.end(options.stdin ?? "");
  return cli.ended;
}

/** Starts the built command line; its stdin stays open. */
export function startCli(args: readonly string[], { cwd, env }: CliOptions): RunningCli {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { ...process.env, EMBEDDING_LENS_HOME: home, ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (stdout += piece));
  child.stderr.setEncoding("utf8").on("data", (piece: string) => (stderr += piece));
  child.stdin.on("error", () => undefined); // it may end before it has read all
  const ended = new Promise<CliEnd>((resolve) => {
    child.once("close", (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  const said = (pattern: RegExp): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (pattern.test(stderr)) resolve();
      };
      child.stderr.on("data", look);
      child.once("close", () => resolve());
      look();
    });
  // A pipe holds 64 KB: when a larger piece is through, the other side reads.
  const reads = (): Promise<void> =>
    new Promise((resolve) => {
      child.stdin.write("sun\n".repeat(100_000), () => resolve());
    });
  return { child, ended, said, reads };
}
