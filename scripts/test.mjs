// `npm test`: types, lint, format, build, then every test; ends with one line that counts them.
// `npm test -- unit e2e` runs only these steps; `-- --grep=word` only test files whose path holds the word.
import { spawn } from "node:child_process";
import { globSync } from "glob";
import { bundleTests } from "./bundle-tests.mjs";

const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const grep = process.argv.find((arg) => arg.startsWith("--grep="))?.slice(7);

const tests = (folder) =>
  globSync(`test/${folder}/**/*.test.ts`, { posix: true })
    .sort()
    .filter((file) => !grep || file.includes(grep));
const nodeTest = (folder, concurrency, files = tests(folder)) => ({
  files,
  command: process.execPath,
  args: [
    "--enable-source-maps",
    "--test",
    "--test-reporter=spec",
    "--test-timeout=240000",
    `--test-concurrency=${concurrency}`,
  ],
  skip: files.length === 0,
  counts: true,
});
/** Each file by itself; one that fails runs once more in a new VS Code: on a busy machine its lists and windows lose focus or come late. */
const nodeTestTwice = (folder) => ({
  parts: tests(folder).map((file) => ({ ...nodeTest(folder, 1, [file]), file })),
  skip: tests(folder).length === 0,
  counts: true,
});
const bin = (name, ...args) => ({ command: "npx", args: ["--no-install", name, ...args] });

const steps = {
  types: bin("tsc", "-p", "."),
  "types of the page": bin("tsc", "-p", "src/webview"),
  lint: bin("eslint", "--max-warnings=0", "src", "test", "bench"),
  format: bin("prettier", "--check", "--log-level=warn", "."),
  kernels: { command: process.execPath, args: ["scripts/build-simd.mjs", "--check"] },
  build: { command: process.execPath, args: ["scripts/build.mjs"] },
  unit: nodeTest("unit", 2),
  engine: nodeTest("engine", 2),
  prepare: {
    command: process.execPath,
    args: ["scripts/prepare-e2e.mjs"],
    skip: tests("e2e").length + tests("page").length === 0,
  },
  page: nodeTest("page", 2),
  e2e: nodeTestTwice("e2e"),
};

/** @param seen whether the output is shown as it comes */
const run = ({ command, args }, seen = true) =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", seen ? "inherit" : "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    let output = "";
    const keep = (data) => {
      output += data;
      if (seen) process.stdout.write(data);
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr?.setEncoding("utf8").on("data", keep);
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });

async function runTests({ command, args, files = [] }) {
  return run({ command, args: [...args, ...(files.length > 0 ? await bundleTests(files) : [])] });
}

/** Files that passed at their second try only. */
const secondTries = [];

/** Runs a step whole, or part by part with a second try for each. The output is that of the tries that count. */
async function runStep(step) {
  if (!step.parts) return runTests(step);
  const done = { code: 0, output: "" };
  for (const part of step.parts) {
    let { code, output } = await runTests(part);
    if (code !== 0) {
      console.log(`\n== ${part.file} failed: once more, in a new VS Code`);
      ({ code, output } = await runTests(part));
      if (code === 0) secondTries.push(part.file);
    }
    done.code ||= code;
    done.output += output;
  }
  return done;
}

const total = { passed: 0, failed: 0, skipped: 0 };
/** What runs what the build has made. */
const BUILT = ["engine", "page", "e2e"];
const isWanted = (name) =>
  (wanted.length === 0 || wanted.includes(name) || (name === "build" && BUILT.some((step) => wanted.includes(step)))) &&
  !steps[name].skip;
const secondsSince = (started) => ((Date.now() - started) / 1000).toFixed(1);

/** Steps that pass or fail as a whole, one after the other; what they say is shown when they have ended. */
async function check(names) {
  for (const name of names.filter(isWanted)) {
    const started = Date.now();
    const { code, output } = await run(steps[name], false);
    console.log(`\n== ${name}\n${output}== ${name}: ${code === 0 ? "ok" : "FAILED"} in ${secondsSince(started)} s`);
    if (code === 0) total.passed++;
    else total.failed++;
    if (code !== 0 && name === "build") return false;
  }
  return true;
}

async function test(name) {
  const started = Date.now();
  console.log(`\n== ${name}`);
  const { code, output } = await runStep(steps[name]);
  console.log(`== ${name}: ${code === 0 ? "ok" : "FAILED"} in ${secondsSince(started)} s`);
  if (!steps[name].counts) {
    if (code === 0) total.passed++;
    else total.failed++;
    return;
  }
  const count = (word) =>
    [...output.matchAll(new RegExp(`^\\S+ ${word} (\\d+)$`, "gm"))].reduce((sum, [, n]) => sum + Number(n), 0);
  total.passed += count("pass");
  total.failed += count("fail") + count("cancelled");
  total.skipped += count("skipped");
  if (code !== 0 && count("fail") + count("cancelled") === 0) total.failed++;
}

// Lint takes as long as all the other checks.
const [built] = await Promise.all([
  check(["types", "types of the page", "format", "kernels", "build"]),
  check(["lint"]),
]);
if (built) for (const name of ["unit", "engine", "prepare", "page", "e2e"].filter(isWanted)) await test(name);
if (secondTries.length > 0) console.log(`\nPassed at the second try only: ${secondTries.join(", ")}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
