// Takes the pictures of the README in a real VS Code, from the samples that may be published: media/readme/*.png.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import sharp from "sharp";
import { Lens } from "../test/e2e/rig/lens";
import { Workbench } from "../test/e2e/rig/workbench";

const target = path.resolve("media/readme");

async function main(): Promise<void> {
  mkdirSync(target, { recursive: true });
  const folder = mkdtempSync(path.join(os.tmpdir(), "samples-"));
  cpSync(path.resolve("media/samples"), folder, { recursive: true });
  try {
    await inWorkbench(folder, "Default Dark Modern", async (workbench, lens) => {
      await workbench.explorerRow("pictures").click({ button: "right" });
      await workbench.menu("Embedding Lens", "Visualize Images");
      await lens.drawn("24 pictures");
      await lens.locator("#offer button").last().click();
      const [point] = await lens.settled();
      if (point) await workbench.page.mouse.click(point.x, point.y);
      await workbench.page.mouse.move(1_150, 750);
      await workbench.page.waitForTimeout(2_000);
      await keep(workbench, "pictures-dark");
    });
    await inWorkbench(folder, "Default Light Modern", async (workbench, lens) => {
      await workbench.openFile("sentences.txt");
      await workbench.palette("Similarity Heatmap of Selection");
      await lens.drawn("20 lines");
      await lens.locator("button, .fold, summary").filter({ hasText: "Details" }).first().click();
      await workbench.page.waitForTimeout(1_500);
      await keep(workbench, "heatmap-light");
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inWorkbench(
  folder: string,
  theme: string,
  act: (workbench: Workbench, lens: Lens) => Promise<void>,
): Promise<void> {
  const workbench = await Workbench.open({ folder, settings: { "workbench.colorTheme": theme } });
  try {
    await act(workbench, new Lens(workbench));
  } finally {
    await workbench.close();
  }
}

/** Small enough for a repository: a palette of 128 colours. */
async function keep(workbench: Workbench, name: string): Promise<void> {
  const picture = await workbench.page.screenshot();
  await sharp(picture)
    .png({ palette: true, colours: 128, compressionLevel: 9 })
    .toFile(path.join(target, `${name}.png`));
}

void main();
