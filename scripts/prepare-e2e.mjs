// What the e2e tests need besides the project: the VS Code server of test/vscode, a Chromium, and the package that is installed.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { require as load } from "tsx/cjs/api";

const { isInstalled } = load("../test/e2e/rig/server.ts", import.meta.url);
const serverOnly = process.argv.includes("--server-only");
const { canInstallBrowser, findBrowser, INSTALL_COMMAND, installBrowser } = load(
  "../test/e2e/rig/browser.ts",
  import.meta.url,
);

if (!isInstalled()) {
  console.log("Installing the VS Code server of test/vscode…");
  const { status } = spawnSync("npm", ["ci", "--prefix", "test/vscode", "--no-audit", "--no-fund"], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) fail("The VS Code server could not be installed. Run: npm ci --prefix test/vscode");
}
const vsix = "out/embedding-lens-linux-x64.vsix";
if (!serverOnly && process.platform === "linux" && process.arch === "x64" && isOlder(vsix)) {
  console.log("Packaging the extension…");
  const { status } = spawnSync(process.execPath, ["scripts/package.mjs", "linux-x64"], { stdio: "inherit" });
  if (status !== 0) fail("The extension could not be packaged.");
}
if (!serverOnly) {
  if (!findBrowser() && canInstallBrowser()) {
    console.log("Installing Chromium…");
    installBrowser();
  }
  if (!findBrowser()) {
    fail(
      `The e2e tests need Chrome, Chromium or Edge. Install one (on Debian: ${INSTALL_COMMAND}) or name it in CHROMIUM.`,
    );
  }
}

/** Whether something that the package is made of has changed since. */
function isOlder(file) {
  if (!existsSync(file)) return true;
  const made = statSync(file).mtimeMs;
  const parts = ["package.json", "package-lock.json", ".vscodeignore", "scripts", "src", "models", "media", "targets"];
  return parts.some((part) => newest(part) > made);
}

function newest(file) {
  const info = statSync(file);
  if (!info.isDirectory()) return info.mtimeMs;
  const inside = readdirSync(file).filter((name) => name !== "node_modules");
  return Math.max(0, ...inside.map((name) => newest(path.join(file, name))));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
