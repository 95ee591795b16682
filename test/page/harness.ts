import { readFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { pageHtml } from "../../src/extension/page";
import { launchBrowser } from "../e2e/rig/browser";
import type { HostOptions } from "./fake-host";
import themes from "./themes.json";

export type ThemeName = keyof typeof themes;

export interface PanelOptions extends HostOptions {
  theme?: ThemeName;
  width?: number;
  height?: number;
  /** A script that runs before all others. */
  before?: string;
  /** What to do with the page before it is loaded. */
  prepare?: (panel: Panel) => Promise<unknown>;
}

const ORIGIN = "http://panel.test";
const root = path.resolve(__dirname, "../..");
interface Parts {
  script: string;
  style: string;
  host: string;
}

/** The page as `npm run build` has made it and the extension ships it, and the fake host. */
async function readParts(): Promise<Parts> {
  const dist = (name: string): Promise<string> => readFile(path.join(root, "dist", name), "utf8");
  const [script, style, host] = await Promise.all([
    dist("webview.js"),
    dist("webview.css"),
    build({
      bundle: true,
      platform: "browser",
      target: "chrome120",
      write: false,
      logLevel: "warning",
      format: "iife",
      globalName: "lensFakeHost",
      entryPoints: [path.join(root, "test/page/fake-host.ts")],
      outdir: "out",
    }),
  ]);
  return { script, style, host: host.outputFiles.find((file) => file.path.endsWith(".js"))?.text ?? "" };
}

/** Chromium with pages that are VS Code panels as far as the page can tell. They share one process, since its start is half of what a panel costs. */
export class Panels {
  private constructor(
    private readonly browser: Browser,
    private readonly context: BrowserContext,
    private readonly parts: Parts,
  ) {}

  /** @param webgl with the software's WebGL: on most machines that run tests there is no other */
  static async start({ webgl = false }: { webgl?: boolean } = {}): Promise<Panels> {
    const flags = webgl ? ["--enable-unsafe-swiftshader", "--use-angle=swiftshader"] : [];
    const [browser, parts] = await Promise.all([launchBrowser(["--process-per-site", ...flags]), readParts()]);
    const context = await browser.newContext();
    // An empty page of the same site keeps the process from one panel to the next.
    const idle = await context.newPage();
    await idle.route("**/*", (route) => route.fulfill({ body: "", contentType: "text/html" }));
    await idle.goto(ORIGIN);
    return new Panels(browser, context, parts);
  }

  async open({
    theme = "dark",
    width = 1_000,
    height = 640,
    before = "",
    prepare,
    ...options
  }: PanelOptions): Promise<Panel> {
    const page = await this.context.newPage();
    await page.setViewportSize({ width, height });
    const panel = new Panel(page);
    page.on("pageerror", (error) => panel.errors.push(error.message));
    page.on("console", (message) => {
      const grave = message.type() === "error" || message.type() === "warning";
      // A test that looks at pixels is no fault of the page.
      if (grave && !message.text().startsWith("Canvas2D: Multiple readback")) panel.errors.push(message.text());
    });
    await page.addInitScript(
      `${before}; ${this.parts.host}; performance.mark("fakeHost"); lensFakeHost.install(${JSON.stringify(options)});`,
    );
    const html = pageHtml({ script: `${ORIGIN}/webview.js`, style: `${ORIGIN}/webview.css`, origin: ORIGIN });
    const served: Record<string, { body: string; contentType: string }> = {
      "/": { body: dress(html, theme), contentType: "text/html" },
      "/webview.js": { body: this.parts.script, contentType: "text/javascript" },
      "/webview.css": { body: this.parts.style, contentType: "text/css" },
    };
    await page.route("**/*", (route) => {
      const file = served[new URL(route.request().url()).pathname];
      if (file) return route.fulfill(file);
      panel.errors.push(`asked for ${route.request().url()}`);
      return route.abort();
    });
    await prepare?.(panel);
    await page.goto(`${ORIGIN}/`);
    return panel;
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** What VS Code adds to the page: the theme's variables and classes. */
function dress(html: string, theme: ThemeName): string {
  const { bodyClass } = themes[theme];
  return html
    .replace("<html ", `<html style="${themeStyle(theme).replaceAll('"', "&quot;")}" `)
    .replace("<body>", `<body class="${bodyClass}" style="margin: 0">`);
}

const themeStyle = (theme: ThemeName): string =>
  Object.entries(themes[theme].variables)
    .map(([name, value]) => `--vscode-${name}: ${value}`)
    .join("; ");

export class Panel {
  /** Errors and warnings of the page's console. */
  readonly errors: string[] = [];

  constructor(readonly page: Page) {}

  get(selector: string): Locator {
    return this.page.locator(selector);
  }

  /** Waits for a drawn chart. */
  async drawn(): Promise<void> {
    await this.page.waitForSelector(".layer:not([hidden]) .canvas canvas");
    await this.frame();
  }

  /** Two frames: what was asked for has been painted. */
  async frame(): Promise<void> {
    await this.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  }

  async setTheme(theme: ThemeName): Promise<void> {
    const style = JSON.stringify(themeStyle(theme));
    const { bodyClass } = themes[theme];
    await this.page.evaluate(
      `document.documentElement.style.cssText = ${style}; document.body.className = ${JSON.stringify(bodyClass)}`,
    );
  }

  /** What the page has said to its host so far under this name. */
  async said(method: string): Promise<Record<string, unknown>[]> {
    const log = await this.host<{ method: string; params: Record<string, unknown> }[]>("log");
    return log.filter((message) => message.method === method).map((message) => message.params);
  }

  /** Waits until the page has said something this many times. */
  async heard(method: string, times = 1): Promise<Record<string, unknown>[]> {
    await this.until(
      `fakeHost.log.filter((message) => message.method === ${JSON.stringify(method)}).length >= ${times}`,
    );
    return this.said(method);
  }

  /** Waits, frame by frame, until an expression is true: the page's policy forbids Playwright's own way. */
  async until(expression: string): Promise<void> {
    const end = Date.now() + 15_000;
    while (!(await this.page.evaluate(`Boolean(${expression})`))) {
      if (Date.now() > end) throw new Error(`never became true: ${expression.slice(0, 200)}`);
      await this.frame();
    }
  }

  /** Evaluates an expression on the fake host. */
  host<T = unknown>(expression: string): Promise<T> {
    return this.page.evaluate(`fakeHost.${expression}`);
  }

  /** Chooses in a drop-down list as a person does. */
  async choose(id: string, value: string): Promise<void> {
    await this.get(`#${id}`).click();
    await this.get(`#${id} vscode-option[value="${value}"]`).click();
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}
