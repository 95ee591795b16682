import fs from "node:fs";
import path from "node:path";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { launchBrowser } from "./browser";
import { changeSettings, installExtension, linkProject, makeHome, Server } from "./server";

const OUT = path.resolve(__dirname, "../../../out");
const PROBE = path.join(__dirname, "probe");

export interface WorkbenchOptions {
  /** The folder that is open. */
  folder: string;
  /** Install this .vsix; without it the project's folder is the extension. */
  vsix?: string;
  settings?: Record<string, unknown>;
  env?: Record<string, string>;
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A VS Code with the extension, driven as a person does. */
export class Workbench {
  private constructor(
    readonly page: Page,
    readonly root: string,
    private readonly server: Server,
    private readonly browser: Browser,
  ) {}

  static async open({ folder, vsix, settings, env }: WorkbenchOptions): Promise<Workbench> {
    const root = makeHome(settings);
    // Before the first start: VS Code lists what it finds then, and later only what it has installed itself.
    fs.cpSync(PROBE, path.join(root, "extensions", "embedding-lens.probe-0.0.1"), { recursive: true });
    if (vsix) await installExtension(root, vsix);
    const models = path.join(root, "home", "models");
    const [server, browser] = await Promise.all([
      Server.start({
        root,
        ...(vsix ? {} : { development: linkProject(root) }),
        env: { EMBEDDING_LENS_HOME: models, EMBEDDING_LENS_PROBE: path.join(root, "probe.port"), ...env },
      }),
      launchBrowser(),
    ]);
    const context = await browser.newContext({ viewport: { width: 1400, height: 860 } });
    const workbench = new Workbench(await context.newPage(), root, server, browser);
    await workbench.page.goto(server.url(folder));
    await workbench.ready();
    return workbench;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  async ready(): Promise<void> {
    await this.page.waitForSelector(".monaco-workbench .part.statusbar", { timeout: 60_000 });
    await this.page.waitForSelector(".explorer-folders-view .monaco-list-row", { timeout: 30_000 });
    await this.probe("ping");
  }

  /** Reloads the window as "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    fs.rmSync(path.join(this.root, "probe.port"), { force: true });
    await this.page.reload();
    await this.ready();
  }

  /** Whether VS Code has stored that this tab is open: in a browser it does so every few seconds, and a reload before loses the tab. */
  tabStored(name: string): Promise<boolean> {
    return this.page.evaluate(`(async () => {
      const answer = (request) =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      let found = false;
      for (const { name } of await indexedDB.databases()) {
        const db = await answer(indexedDB.open(name));
        for (const store of db.objectStoreNames) {
          const editors = await answer(db.transaction(store).objectStore(store).get("memento/workbench.parts.editor"));
          found ||= String(editors).includes(${JSON.stringify(name)});
        }
        db.close();
      }
      return found;
    })()`);
  }

  /** Runs a command by its title. */
  palette(title: string): Promise<void> {
    return this.quickPick("F1", `>${title}`, title);
  }

  /** Runs a command that asks with a list, and takes the first row with the text. The list closes when something else takes the focus: then again. */
  async choose(title: string, text: string): Promise<void> {
    const row = this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: text }).first();
    for (let attempt = 0; attempt < 4; attempt++) {
      await this.palette(title);
      const taken = await row.click({ timeout: 5_000 }).then(
        () => true,
        () => false,
      );
      if (taken) return;
      await this.page.keyboard.press("Escape");
    }
    throw new Error(`“${text}” is not in the list of ${title}.`);
  }

  /** The titles of a category that the palette offers now. */
  async paletteTitles(query: string): Promise<string[]> {
    await this.page.keyboard.press("F1");
    await this.page.locator(".quick-input-widget input.input").fill(`>${query}`);
    const rows = this.page.locator(".quick-input-list .monaco-list-row .label-name");
    await rows.first().waitFor();
    await this.page.waitForTimeout(300); // the list is filtered as one types
    const titles = await rows.allTextContents();
    await this.page.keyboard.press("Escape");
    return titles;
  }

  /** Opens a file of the folder by its path, as Ctrl+P does. */
  async openFile(name: string): Promise<void> {
    const base = path.basename(name);
    await this.quickPick("Control+P", name, base);
    await this.tab(base).waitFor();
    await this.page.locator(".editor-group-container.active .monaco-editor .view-line").first().waitFor();
  }

  /** Types into VS Code's list and takes the first row with the text. An open list does not take up what comes later, a key may meet a page that is not listening yet, and what takes the focus closes the list: then it is opened again. */
  private async quickPick(key: string, typed: string, text: string): Promise<void> {
    const box = this.page.locator(".quick-input-widget input.input");
    const row = this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: text }).first();
    for (let attempt = 0; attempt < 20; attempt++) {
      await this.page.keyboard.press(key);
      if (!(await appears(box, 3_000))) continue;
      const filled = await box.fill(typed, { timeout: 3_000 }).then(
        () => true,
        () => false,
      );
      if (filled && (await appears(row, 2_000))) return row.click();
      await this.page.keyboard.press("Escape");
    }
    throw new Error(`“${text}” is not in the list that ${key} opens.`);
  }

  /** Answers an input box with that title. It may be emptied once more when it has just opened: then again. */
  async answerBox(title: string, value: string): Promise<void> {
    const widget = this.page.locator(".quick-input-widget").filter({ hasText: title });
    for (let attempt = 0; attempt < 5; attempt++) {
      await widget.locator("input.input").fill(value);
      await this.page.keyboard.press("Enter");
      const answered = await widget.waitFor({ state: "hidden", timeout: 3_000 }).then(
        () => true,
        () => false,
      );
      if (answered) return;
    }
    throw new Error(`“${title}” does not take ${value}.`);
  }

  tab(name: string): Locator {
    return this.page
      .locator(".tabs-container .tab")
      .filter({ has: this.page.locator(".label-name", { hasText: new RegExp(`^${literally(name)}$`) }) })
      .first();
  }

  explorerRow(name: string): Locator {
    return this.page
      .locator(".explorer-folders-view .monaco-list-row")
      .filter({ hasText: new RegExp(`^${literally(name)}$`) })
      .first();
  }

  /** Clicks through the open context menu, into submenus. Menus ignore the mouse button for their first 100 ms. */
  async menu(...labels: string[]): Promise<void> {
    for (const [depth, label] of labels.entries()) {
      const item = this.menuItem(label);
      await item.waitFor({ timeout: 10_000 });
      await item.hover();
      await this.page.waitForTimeout(200);
      if (depth === labels.length - 1) await item.click();
      else if (!(await appears(this.menuItem(labels[depth + 1] ?? ""), 1_000))) await item.click();
    }
  }

  menuItem(label: string): Locator {
    return this.page
      .locator(".monaco-menu .action-item:not(.disabled) > .action-menu-item > .action-label")
      .filter({ hasText: new RegExp(`^${literally(label)}$`) })
      .first();
  }

  /** The page of the panel that is on top: an outer frame of VS Code, in it ours. */
  get panel(): FrameLocator {
    return this.page
      .locator('iframe.webview.ready[src*="extensionId=embedding-lens.embedding-lens"]')
      .last()
      .contentFrame()
      .frameLocator("#active-frame");
  }

  /** Changes the user's settings, as in settings.json. */
  setSettings(change: Record<string, unknown>): void {
    changeSettings(this.root, change);
  }

  /** The text of the extension's output channel, of all windows so far. */
  log(): string {
    const logs = path.join(this.root, "server-data/data/logs");
    return fs
      .readdirSync(logs, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith("Embedding Lens.log"))
      .map((file) => fs.readFileSync(path.join(logs, file), "utf8"))
      .join("");
  }

  logLines(pattern: RegExp): string[] {
    return this.log()
      .split("\n")
      .filter((line) => pattern.test(line));
  }

  async screenshot(name: string): Promise<void> {
    fs.mkdirSync(OUT, { recursive: true });
    await this.page.screenshot({ path: path.join(OUT, `${name}.png`) });
  }

  /** Asks the probe in the extension host. */
  async probe<T>(question: string): Promise<T> {
    const file = path.join(this.root, "probe.port");
    for (let attempt = 0; attempt < 300; attempt++) {
      const port = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
      const answer = port ? await fetch(`http://127.0.0.1:${port}/${question}`).catch(() => null) : null;
      if (answer?.ok) return (await answer.json()) as T;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("The extension host does not answer.");
  }

  /** Text editors that are visible, as the extension host sees them. Lines from 1. */
  editors(): Promise<{ file: string; column: number; from: number; to: number; text: string }[]> {
    return this.probe("editors");
  }

  /** Open tabs in all columns. */
  tabs(): Promise<{ label: string; column: number; active: boolean }[]> {
    return this.probe("tabs");
  }
}

export const appears = (locator: Locator, timeout: number): Promise<boolean> =>
  locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );

/** Waits until something holds, and fails with what was seen last. */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
  timeout = 10_000,
): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > end) throw new Error(`${what}: not within ${timeout} ms; last seen ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
