// `npm start`: builds, then opens a VS Code with the extension and the samples: desktop VS Code when `code` is on the PATH,
// else the server of test/vscode in a browser.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { require as load } from "tsx/cjs/api";

const windows = process.platform === "win32";
const run = (command, args) => spawnSync(command, args, { stdio: "inherit", shell: windows }).status === 0;
const works = (command, args) => spawnSync(command, args, { stdio: "ignore", shell: windows }).status === 0;

if (!run(process.execPath, ["scripts/build.mjs"])) process.exit(1);

// A copy, so that what is tried out does not change the samples.
const workspace = path.resolve("out/start/workspace");
if (!existsSync(workspace)) {
  mkdirSync(workspace, { recursive: true });
  cpSync("media/samples", workspace, { recursive: true });
}

if (works("code", ["--version"])) {
  run("code", ["--new-window", `--extensionDevelopmentPath=${path.resolve(".")}`, workspace]);
} else {
  if (!run(process.execPath, ["scripts/prepare-e2e.mjs", "--server-only"])) process.exit(1);
  const { linkProject, makeHome, Server } = load("../test/e2e/rig/server.ts", import.meta.url);
  const root = makeHome();
  const server = await Server.start({ root, development: linkProject(root) });
  const url = server.url(workspace);
  console.log(`\nVS Code with Embedding Lens:\n${url}\nCtrl+C ends it.`);
  openInBrowser(url);
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, async () => {
      await server.stop();
      rmSync(root, { recursive: true, force: true });
      process.exit(0);
    });
  }
}

function openInBrowser(url) {
  if (process.env.NO_BROWSER) return;
  const [command, ...args] =
    process.platform === "darwin" ? ["open"] : windows ? ["cmd", "/c", "start", '""'] : ["xdg-open"];
  const opener = spawn(command, [...args, windows ? url.replaceAll("&", "^&") : url], { stdio: "ignore" });
  opener.on("error", () => undefined); // no desktop: the address is printed
}
