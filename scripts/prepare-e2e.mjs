// What the e2e tests need besides the project: the VS Code server of test/vscode, a Chromium, and the package that is installed.
import { spawnSync } from "node:child_process";
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

function fail(message) {
  console.error(message);
  process.exit(1);
}
