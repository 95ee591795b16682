import { execFileSync } from "node:child_process";
import type { FrameLocator, Locator } from "playwright-core";
import { colouredMarks, type Point } from "./marks";
import { until, type Workbench } from "./workbench";

/** Our page in the panel that is on top. */
export class Lens {
  constructor(private readonly workbench: Workbench) {}

  private get frame(): FrameLocator {
    return this.workbench.panel;
  }

  locator(selector: string): Locator {
    return this.frame.locator(selector);
  }

  get canvas(): Locator {
    return this.locator("#chart .canvas canvas").first();
  }

  get tooltip(): Locator {
    return this.locator("#lens-tooltip");
  }

  get banner(): Locator {
    return this.locator("#banner");
  }

  /** Waits until a chart is drawn and the status line holds these words. */
  async drawn(words: string | RegExp, timeout = 20_000): Promise<string> {
    const status = this.locator("#status").filter({ hasText: words });
    await status.waitFor({ timeout });
    await this.canvas.waitFor({ timeout });
    return (await status.textContent()) ?? "";
  }

  /** The middles of the coloured marks on the chart, from the page's left top corner. Axes and words have no colour. */
  async points(): Promise<Point[]> {
    const url = await this.canvas.evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL());
    const { width, marks } = await colouredMarks(Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));
    const box = await this.canvas.boundingBox();
    if (!box) throw new Error("There is no chart.");
    const scale = box.width / width;
    return marks.map(({ x, y }) => ({ x: box.x + x * scale, y: box.y + y * scale }));
  }

  /** The marks once they stand still. */
  async settled(): Promise<Point[]> {
    let before = "";
    return until(
      "the chart stands still",
      () => this.points(),
      (points) => {
        const now = JSON.stringify(points);
        const still = now === before && points.length > 0;
        before = now;
        return still;
      },
    );
  }

  /**
   * Moves the pointer onto a mark and gives what its tooltip says.
   * @param isWhole whether all has come that is waited for: a text comes later than its place
   */
  async hover(point: Point, isWhole = (words: string): boolean => words.length > 0): Promise<string> {
    const { mouse } = this.workbench.page;
    await mouse.move(point.x + 30, point.y + 30);
    await mouse.move(point.x, point.y);
    await this.tooltip.waitFor();
    return until("the tooltip has words", async () => (await this.tooltip.textContent()) ?? "", isWhole);
  }

  async choose(dropdown: string, option: string): Promise<void> {
    await this.locator(`vscode-dropdown#${dropdown}`).click();
    await this.locator(`vscode-dropdown#${dropdown} vscode-option`).filter({ hasText: option }).first().click();
  }
}

/** The engine process of a workbench: a child of its extension host. */
export async function enginePid(workbench: Workbench): Promise<number | null> {
  const host = await workbench.probe<number>("pid");
  const lines = execFileSync("ps", ["-eo", "pid,ppid,args"], { encoding: "utf8" }).split("\n");
  const line = lines.find((one) => one.includes("engine.js") && Number(one.trim().split(/\s+/)[1]) === host);
  return line ? Number(line.trim().split(/\s+/)[0]) : null;
}
