// `npm run package`: makes embedding-lens-<target>.vsix in out/, for each folder of targets/ or those that are named.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundledPackages, installedPackages, noticesOf } from "./notices.mjs";

const named = process.argv.slice(2);
const targets = named.length > 0 ? named : readdirSync("targets");
const SHIPPED = ["models", "media", "README.md", "CHANGELOG.md", "LICENSE", ".vscodeignore"];

const build = path.resolve("out/package/dist");
rmSync(build, { recursive: true, force: true });
run(process.execPath, ["scripts/build.mjs", "--production", `--outdir=${build}`]);
const bundled = bundledPackages(
  readdirSync(path.join(build, "meta")).map((file) => JSON.parse(readFileSync(path.join(build, "meta", file), "utf8"))),
);

for (const target of targets) {
  const [os, cpu] = target.split("-");
  const own = path.join("targets", target);
  const stage = path.resolve("out/package", target);
  const vsix = path.resolve("out", `embedding-lens-${target}.vsix`);
  const parts = [own, path.join(own, "wasm")].filter((part) => existsSync(path.join(part, "package.json")));
  for (const part of parts) run("npm", ["ci", "--prefix", part, "--no-audit", "--no-fund"]);

  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const name of SHIPPED.filter((one) => existsSync(one)))
    cpSync(name, path.join(stage, name), { recursive: true });
  cpSync(build, path.join(stage, "dist"), { recursive: true });
  for (const part of parts) {
    const filter = (file) => isFor(os, cpu, file);
    cpSync(path.join(part, "node_modules"), path.join(stage, "node_modules"), { recursive: true, filter });
  }
  writeFileSync(path.join(stage, "package.json"), JSON.stringify(manifestOf(parts), null, 2));
  const packages = [...bundled, ...installedPackages(path.join(stage, "node_modules"))];
  writeFileSync(path.join(stage, "ThirdPartyNotices.txt"), noticesOf(packages));

  run(
    "npx",
    [
      "--no-install",
      "vsce",
      "package",
      ...["--target", target, "--out", vsix, "--allow-missing-repository", "--no-rewrite-relative-links"],
    ],
    { cwd: stage },
  );
  console.log(`${vsix}: ${(statSync(vsix).size / 1e6).toFixed(1)} MB`);
}

/** onnxruntime-node brings its libraries for every platform: only the target's is kept. */
function isFor(os, cpu, file) {
  const [, platform, arch] = /onnxruntime-node[\\/]bin[\\/]napi-v\d+[\\/]([^\\/]+)(?:[\\/]([^\\/]+))?/.exec(file) ?? [];
  return (!platform || platform === os) && (!arch || arch === cpu);
}

/** The project's manifest with what the target carries in place of what the project needs. */
function manifestOf(parts) {
  const { devDependencies, scripts, overrides, private: _, ...manifest } = read(".");
  const dependencies = Object.assign({}, ...parts.map((part) => read(part).dependencies));
  return { ...manifest, dependencies };
}

function read(folder) {
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
}

function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32", ...options });
  if (status !== 0) process.exit(status ?? 1);
}
