import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { chromium, type Browser } from "playwright-core";

const NAMES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/snap/bin/chromium",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/microsoft-edge",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** A Chrome, Chromium or Edge of this machine: CHROMIUM names one. */
export function findBrowser(): string | null {
  const named = process.env.CHROMIUM;
  if (named) return fs.existsSync(named) ? named : null;
  return NAMES.find((name) => fs.existsSync(name)) ?? null;
}

/** Whether the browser can be installed here without asking: as root on Debian. */
export const canInstallBrowser = (): boolean =>
  !process.env.CHROMIUM &&
  process.platform === "linux" &&
  process.getuid?.() === 0 &&
  fs.existsSync("/etc/debian_version");

export const INSTALL_COMMAND = "apt-get update && apt-get install -y chromium";

export function installBrowser(): void {
  execFileSync("sh", ["-c", INSTALL_COMMAND], {
    stdio: "inherit",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

/** A browser without a window; the flags keep it from calling out. */
export function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error("There is no Chrome, Chromium or Edge: run scripts/prepare-e2e.mjs.");
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
  return chromium.launch({
    executablePath,
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", ...quiet, ...flags],
  });
}
