import { spawn, type ChildProcess } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

/** The package with the VS Code server (test/vscode), or another copy of it. */
const codeServer = process.env.CODE_SERVER_DIR ?? path.resolve(__dirname, "../../vscode/node_modules/code-server");
const vscode = path.join(codeServer, "lib/vscode");
const serverMain = path.join(vscode, "out/server-main.js");
const serverNode = process.env.CODE_SERVER_NODE ?? process.execPath;

export const isInstalled = (): boolean => fs.existsSync(serverMain);

const QUIET = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "typescript.disableAutomaticTypeAcquisition": true,
  "git.enabled": false,
  "remote.autoForwardPorts": false,
  "npm.autoDetect": "off",
  "window.restoreWindows": "none",
  "files.simpleDialog.enable": true,
  "chat.commandCenter.enabled": false,
  "chat.disableAIFeatures": true,
};

/** The folders of one VS Code: settings, extensions, a home. Nothing of the user's own is touched. */
export function makeHome(settings: Record<string, unknown> = {}): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "embedding-lens-e2e-"));
  for (const folder of ["server-data/data/Machine", "server-data/data/User", "extensions", "home"]) {
    fs.mkdirSync(path.join(root, folder), { recursive: true });
  }
  changeSettings(root, { ...QUIET, ...settings });
  return root;
}

/** Writes settings; a VS Code that runs takes them up. */
export function changeSettings(root: string, change: Record<string, unknown>): void {
  for (const scope of ["Machine", "User"]) {
    const file = path.join(root, `server-data/data/${scope}/settings.json`);
    const before = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as object) : {};
    fs.writeFileSync(file, JSON.stringify({ ...before, ...change }, null, 1));
  }
}

/**
 * A link to the project from outside it: VS Code takes every theme below the development folder for one of the extension
 * and would switch to the first theme of the server in test/vscode.
 */
export function linkProject(root: string): string {
  const link = path.join(root, "embedding-lens");
  if (!fs.existsSync(link)) fs.symlinkSync(path.resolve(__dirname, "../../.."), link, "dir");
  return link;
}

export interface ServerOptions {
  root: string;
  /** The folder of the extension under development; VS Code takes one. */
  development?: string;
  env?: Record<string, string>;
}

/** A VS Code server of its own on a free port of this machine, and the address of its workbench. */
export class Server {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly development: string | undefined,
  ) {}

  static async start({ root, development, env = {} }: ServerOptions): Promise<Server> {
    linkModules();
    const port = await freePort();
    const address = ["--host", "127.0.0.1", "--port", String(port), "--without-connection-token"];
    const child = spawn(serverNode, [serverMain, ...address, ...folders(root)], {
      env: { ...process.env, HOME: path.join(root, "home"), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
    const ended = new Promise<never>((_, reject) =>
      child.once("exit", (code) => reject(new Error(`The VS Code server ended with ${code}:\n${output}`))),
    );
    ended.catch(() => undefined);
    await Promise.race([answers(`http://127.0.0.1:${port}/version`), ended]);
    return new Server(port, child, development);
  }

  /** The workbench with a folder open. */
  url(folder: string): string {
    const url = new URL(`http://127.0.0.1:${this.port}/`);
    url.searchParams.set("folder", folder);
    if (this.development) {
      const extension = `vscode-remote://127.0.0.1:${this.port}${this.development}`;
      url.searchParams.set("payload", JSON.stringify([["extensionDevelopmentPath", extension]]));
    }
    return url.toString();
  }

  /** Ends the server with all its processes. */
  async stop(): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.pid === undefined) return;
    const group = -child.pid;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    signal(group, "SIGTERM");
    const timer = setTimeout(() => signal(group, "SIGKILL"), 3_000);
    await ended;
    clearTimeout(timer);
    signal(group, "SIGKILL");
  }
}

/** Installs a .vsix into the folders of a VS Code. */
export async function installExtension(root: string, vsix: string): Promise<void> {
  linkModules();
  const child = spawn(serverNode, [serverMain, ...folders(root), "--install-extension", vsix], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== 0) throw new Error(`The extension could not be installed:\n${output}`);
}

/** VS Code also reads modules by path under its own root. */
function linkModules(): void {
  const link = path.join(vscode, "node_modules");
  if (fs.existsSync(link)) return;
  fs.rmSync(link, { force: true }); // one that leads to where the project was before it was moved
  fs.symlinkSync(path.resolve(codeServer, ".."), link, "dir");
}

const folders = (root: string): string[] => [
  ...["--server-data-dir", path.join(root, "server-data"), "--extensions-dir", path.join(root, "extensions")],
  ...["--accept-server-license-terms", "--telemetry-level", "off"],
];

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
    server.on("error", reject);
  });

async function answers(url: string): Promise<void> {
  for (;;) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(group, name);
  } catch {
    // it has ended
  }
}
