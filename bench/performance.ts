// The speed table of docs/performance.md: `npm run bench` for all jobs, `npm run bench -- umap-2000 tsne-2000` for some.
//
// Every figure is of a whole process, Node's or Python's start included: seconds of processor (user and system, all
// threads) beside wall time, ours and the peer's in turn within one run. The peers are umap-learn and scikit-learn on one
// thread: with two they burn processor time in spin-waits. Nothing is installed:
//
//     apt-get install umap-learn python3-sklearn       (Debian 12: umap-learn 0.5.3, scikit-learn 1.2.1)
//
// PYTHON names another interpreter (/usr/bin/python3). Without the peers our figures are printed alone.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { engineEnvironment } from "../src/engine/environment";
import { bundle } from "./bundle";
import { mixture, npy } from "./numerics/data";

const root = join(__dirname, "..");
const python = process.env["PYTHON"] ?? "/usr/bin/python3";

interface BenchJob {
  rows: number;
  cols: number;
  /** Our job and the peer's; "cli" is the command line. */
  ours: string;
  peer: string;
  /** Pairs of runs, of which the median counts. */
  runs: number;
  /** The least ratio that is wanted. */
  wanted: number;
}

const JOBS: Record<string, BenchJob> = {
  "umap-20": { rows: 20, cols: 4096, ours: "cli", peer: "umap", runs: 3, wanted: 40 },
  "umap-35": { rows: 35, cols: 512, ours: "cli", peer: "umap", runs: 3, wanted: 40 },
  "umap-2000": { rows: 2_000, cols: 384, ours: "umap", peer: "umap", runs: 3, wanted: 12 },
  "umap-10000": { rows: 10_000, cols: 384, ours: "umap", peer: "umap", runs: 3, wanted: 8 },
  "umap-50000": { rows: 50_000, cols: 384, ours: "umap", peer: "umap", runs: 1, wanted: 2.5 },
  "umap-10000-warm": { rows: 10_000, cols: 384, ours: "umap", peer: "warm", runs: 1, wanted: 3 },
  "tsne-2000": { rows: 2_000, cols: 4096, ours: "tsne", peer: "tsne", runs: 3, wanted: 4 },
  "tsne-10000": { rows: 10_000, cols: 384, ours: "tsne", peer: "tsne", runs: 1, wanted: 6 },
  "tsne-20000": { rows: 20_000, cols: 384, ours: "tsne", peer: "tsne", runs: 1, wanted: 6 },
  "study-2000": { rows: 2_000, cols: 4096, ours: "study", peer: "study", runs: 3, wanted: 3 },
  "neighbors-10000": { rows: 10_000, cols: 384, ours: "neighbors", peer: "neighbors", runs: 3, wanted: 2 },
  "pairs-10000": { rows: 10_000, cols: 384, ours: "pairs", peer: "pairs", runs: 3, wanted: 2 },
  "neighbors-50000": { rows: 50_000, cols: 384, ours: "approximate", peer: "nndescent", runs: 1, wanted: 1 },
  "cosine-10000": { rows: 10_000, cols: 384, ours: "cosine", peer: "cosine", runs: 3, wanted: 2 },
};

/** Jobs without a peer: how time and memory grow with the number of items. `npm run bench -- grow-50000` */
const GROWTH = [2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000];
for (const rows of GROWTH) {
  JOBS[`grow-${rows}`] = { rows, cols: 384, ours: "umap", peer: "", runs: 1, wanted: 0 };
}

interface Used {
  cpu: number;
  wall: number;
  peakMb: number;
  note: string;
}

const ONE_THREAD = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", NUMBA_NUM_THREADS: "1" };
/**
 * Left out of both sides' environment, since it weighs on one: a file of certificates, which Node reads at each start (40 ms), and
 * the older kernels that OpenBLAS may be held to.
 */
const WEIGHTS = ["NODE_EXTRA_CA_CERTS", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];
const plain: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !WEIGHTS.includes(name)),
);

function run(command: string, args: string[], env: NodeJS.ProcessEnv): { wall: number; output: string } {
  const from = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    env,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    cwd: root,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr.trim()}`);
  return { wall: (performance.now() - from) / 1000, output: `${stdout}\n${stderr}` };
}

/** Loaded before our script: says what the process has used when it ends. */
const METER = `process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  require("fs").writeSync(2, "\\nused " + JSON.stringify([(userCPUTime + systemCPUTime) / 1e6, maxRSS / 1024]) + "\\n");
});`;

class Bench {
  private script = "";
  private readonly folder = mkdtempSync(join(os.tmpdir(), "lens-bench-"));
  readonly peer = spawnSync(python, ["-c", "import umap, sklearn"]).status === 0;

  prepare(): void {
    writeFileSync(join(this.folder, "meter.cjs"), METER);
    this.script = bundle("bench/numerics/ours.ts", "ours");
  }

  vectors(rows: number, cols: number): string {
    const file = join(this.folder, `${rows}x${cols}.npy`);
    writeFileSync(file, npy(mixture(rows, cols).matrix.data, [rows, cols]));
    return file;
  }

  ours(job: string, file: string): Used {
    const script =
      job === "cli"
        ? ["dist/cli.js", "map", file, "--metric", "euclidean", "--quiet", "--cache", "none"]
        : [this.script, job, file];
    const { wall, output } = run(
      process.execPath,
      ["--require", join(this.folder, "meter.cjs"), ...script],
      job === "cli" ? plain : engineEnvironment(plain),
    );
    const [cpu, peakMb] = JSON.parse(/^used (.*)$/m.exec(output)![1]!) as [number, number];
    return { cpu, wall, peakMb, note: job === "cli" ? "" : (/^\{.*\}/.exec(output)?.[0] ?? "") };
  }

  theirs(job: string, file: string): Used {
    const { wall, output } = run(python, [join(__dirname, "numerics/peer.py"), job, file], { ...plain, ...ONE_THREAD });
    const used = JSON.parse(/^\{.*\}/m.exec(output)![0]) as {
      cpu: number;
      calls: number[];
      peak: number;
      recall?: number;
    };
    const [, warm] = used.calls;
    return {
      cpu: warm ?? used.cpu,
      wall,
      peakMb: used.peak / (1 << 20),
      note: used.recall === undefined ? "" : `, the peer's recall ${used.recall}`,
    };
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const show = ({ cpu, wall, peakMb }: Used): string =>
  `${cpu.toFixed(2)} / ${wall.toFixed(2)} s, ${Math.round(peakMb)} MB`;

function main(): void {
  const named = process.argv.slice(2);
  const unknown = named.find((name) => !Object.hasOwn(JOBS, name));
  if (unknown !== undefined) throw new Error(`${unknown} is not one of ${Object.keys(JOBS).join(", ")}`);
  const bench = new Bench();
  if (!bench.peer)
    console.log("umap-learn and scikit-learn are not installed (see the head of this file): ours alone.");
  console.log("| job | ours: CPU / wall, peak | peer: CPU / wall, peak | ratio of CPU | wanted | our phases (CPU s) |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  try {
    bench.prepare();
    for (const name of named.length > 0 ? named : Object.keys(JOBS)) runJob(name, JOBS[name]!, bench);
  } finally {
    bench.close();
  }
}

function runJob(name: string, { rows, cols, ours, peer, runs, wanted }: BenchJob, bench: Bench): void {
  const file = bench.vectors(rows, cols);
  const pairs = Array.from({ length: runs }, () => ({
    ours: bench.ours(ours, file),
    peer: bench.peer && peer !== "" ? bench.theirs(peer, file) : null,
  }));
  const middle = (used: Used[]): Used => ({
    cpu: median(used.map(({ cpu }) => cpu)),
    wall: median(used.map(({ wall }) => wall)),
    peakMb: median(used.map(({ peakMb }) => peakMb)),
    note: used[0]!.note,
  });
  const own = middle(pairs.map((pair) => pair.ours));
  const peers = pairs.flatMap((pair) => (pair.peer ? [pair.peer] : []));
  const theirs = peers.length > 0 ? middle(peers) : null;
  const ratio = theirs ? (theirs.cpu / own.cpu).toFixed(1) : "";
  const goal = wanted > 0 ? String(wanted) : "";
  console.log(
    `| ${name} | ${show(own)} | ${theirs ? show(theirs) : ""} | ${ratio} | ${goal} | ${own.note}${theirs?.note ?? ""} |`,
  );
}

main();
