// From right-click to picture in a real VS Code: `node --import tsx bench/right-click.ts [--runs=5] [--vsix] [--only=lines]`.
// Each run is a new VS Code whose engine has not started; files are in the page cache after the first run, which is left out.
// Needs `npm run build`; --vsix measures the installed package (npm run package) in place of the development folder.
import os from "node:os";
import path from "node:path";
import { Lens } from "../test/e2e/rig/lens";
import { Workbench } from "../test/e2e/rig/workbench";
import { withoutData, Workspace } from "../test/e2e/rig/workspace";

const runs = Number(process.argv.find((arg) => arg.startsWith("--runs="))?.slice(7) ?? 5);
const only = process.argv.find((arg) => arg.startsWith("--only="))?.slice(7);
const vsix = process.argv.includes("--vsix") ? path.resolve("out/embedding-lens-linux-x64.vsix") : undefined;

interface Taken {
  ms: number;
  /** Processor time: what is left of `ms` on a machine that has nothing else to do. */
  cpu?: number;
}
/** What one new VS Code gives. */
type Measure = (workbench: Workbench, lens: Lens) => Promise<Taken>;

const lines: Measure = async (workbench, lens) => {
  await workbench.openFile("sentences.txt");
  await workbench.page.keyboard.press("Control+A");
  const line = workbench.page.locator(".editor-group-container.active .view-line").nth(3);
  await line.click({ button: "right", position: { x: 30, y: 8 } });
  await workbench.menu("Embedding Lens");
  return clickToPicture(workbench, lens, "Map of Selection", "20 lines");
};

const pictures: Measure = async (workbench, lens) => {
  await workbench.explorerRow("images7").click({ button: "right" });
  await workbench.menu("Embedding Lens");
  return clickToPicture(workbench, lens, "Visualize Images", "133 pictures");
};

/** From the click on the menu's entry until the chart is on the page. */
async function clickToPicture(workbench: Workbench, lens: Lens, entry: string, status: string): Promise<Taken> {
  const item = workbench.menuItem(entry);
  await item.hover();
  await workbench.page.waitForTimeout(200);
  const started = performance.now();
  await item.click();
  await lens.drawn(status, 60_000);
  return { ms: performance.now() - started };
}

/** When VS Code's own start is over. */
const calm = (workbench: Workbench): Promise<void> => workbench.page.waitForTimeout(4_000);

const activation: Measure = async (workbench) => {
  await calm(workbench);
  return workbench.probe<Taken>("activate");
};

/** The longest time in which the extension host did nothing else while the first command loads our code. */
const loading: Measure = async (workbench) => {
  await calm(workbench);
  await workbench.probe("resetBlock");
  await workbench.palette("Embedding Lens: Show Log");
  await workbench.page.locator(".part.panel .view-lines").waitFor();
  return workbench.probe<Taken>("longestBlock");
};

/** The same while 2,000 lines become a map. */
const longestBlock: Measure = async (workbench, lens) => {
  await loading(workbench, lens);
  await workbench.openFile("many.txt");
  await calm(workbench);
  await workbench.probe("resetBlock");
  await workbench.palette("Embedding Lens: Map of Selection");
  await lens.drawn("2,000 lines", 60_000);
  return workbench.probe<Taken>("longestBlock");
};

const words = "card money account transfer top up cash app phone number address country fee pin code bank shop".split(
  " ",
);
/** 2,000 different lines of known words. */
const manyLines = Array.from({ length: 2_000 }, (_, i) =>
  [0, 1, 2, 3, 4, 5].map((at) => words[(i * (at + 3) + at * at + (i >> at)) % words.length]).join(" "),
);

async function measure(name: string, one: Measure, skip: string | false = false): Promise<void> {
  if (only !== undefined && !name.includes(only)) return;
  if (skip) return console.log(`${name}: left out, ${skip}`);
  const taken: Taken[] = [];
  for (let run = 0; run <= runs; run++) {
    const workspace = new Workspace();
    workspace.write("many.txt", `${manyLines.join("\n")}\n`);
    if (one === pictures) workspace.add("images7");
    const workbench = await Workbench.open({ folder: workspace.folder, ...(vsix ? { vsix } : {}) });
    try {
      const figures = await one(workbench, new Lens(workbench));
      if (run > 0) taken.push(figures);
    } finally {
      await workbench.close();
      workspace.remove();
    }
  }
  const cpu = taken.flatMap((one) => one.cpu ?? []);
  const words = cpu.length > 0 ? `; processor time ${summary(cpu)}` : "";
  console.log(`${name}: ${summary(taken.map(({ ms }) => ms))}${words}`);
}

function summary(values: number[]): string {
  const sorted = values.map((value) => Math.round(value)).sort((a, b) => a - b);
  return `median ${sorted[sorted.length >> 1]} ms (${sorted.join(", ")})`;
}

async function main(): Promise<void> {
  const [load] = os.loadavg();
  console.log(
    `${vsix ? "installed VSIX" : "development folder"}, ${os.availableParallelism()} cores, load ${load?.toFixed(1)}`,
  );
  await measure("activation", activation);
  await measure("20 lines, right-click to map", lines);
  await measure("133 pictures, right-click to map", pictures, withoutData("images7"));
  await measure("longest block of the extension host, first command", loading);
  await measure("longest block of the extension host, 2,000 lines", longestBlock);
}

void main();
