// Pictures of the panel in every theme and width, to be looked at: node --import tsx test/page/screenshots.ts [folder] [word]
import { mkdirSync } from "node:fs";
import path from "node:path";
import { clusterShots } from "./cluster-shots";
import type { FixtureOptions } from "./fixtures";
import { groupShots } from "./group-shots";
import { Panels, type Panel, type ThemeName } from "./harness";
import { at, intents, look, type Shot } from "./shot";

const folder = path.resolve(process.argv[2] ?? "out/panel");
const word = process.argv[3] ?? "";

const ANIMALS = ["airplane", "bird", "car", "cat", "dog", "fruit", "person"];
const pictures: FixtureOptions = { kind: "pictures", count: 133, labels: ANIMALS };
const lines: FixtureOptions = { kind: "lines", count: 20 };
const deepCrowd: FixtureOptions = { kind: "lines", count: 10_000, clusters: 7, deep: true };

async function chooseFirst(panel: Panel): Promise<void> {
  await panel.get("#chart").focus();
  await panel.page.keyboard.press("ArrowRight");
  await panel.get(".neighbors > *").first().waitFor({ state: "attached" });
}

const shots: Shot[] = [];
const themes: ThemeName[] = ["dark", "light", "contrast-dark", "contrast-light"];
for (const theme of themes) {
  shots.push({
    name: `map-${theme}`,
    options: { fixture: pictures, theme, width: 1_200, height: 720 },
    act: chooseFirst,
  });
  shots.push({
    name: `heatmap-${theme}`,
    options: { fixture: lines, change: { view: "similarity" }, theme, width: 1_200, height: 720 },
    act: at(420, 250),
  });
  shots.push({ name: `deep-crowd-${theme}`, options: { fixture: deepCrowd, theme, width: 1_000, height: 640 } });
}
for (const width of [700, 420]) {
  shots.push({ name: `map-${width}`, options: { fixture: pictures, width, height: 720 }, act: chooseFirst });
  shots.push({
    name: `heatmap-${width}`,
    options: { fixture: lines, change: { view: "similarity" }, theme: "light", width, height: 720 },
  });
}
const table: FixtureOptions = { kind: "lines", count: 3_000, labels: ["card", "parcel", "account"], meta: true };
for (const theme of themes) {
  const open = { fixture: table, theme, width: 1_200, height: 720 };
  shots.push(
    {
      name: `columns-price-${theme}`,
      options: { ...open, state: look({ colorBy: "meta:price", sizeBy: "meta:price" }) },
      act: at(420, 300),
    },
    {
      name: `columns-filter-${theme}`,
      options: { ...open, state: look({ colorBy: "meta:urgency" }) },
      act: async (panel) => {
        await panel.get("#filter").click();
        await panel.get("#filter-value-0").click();
      },
    },
  );
}
for (const theme of ["dark", "contrast-dark", "light"] as const) {
  shots.push({
    name: `trust-figures-${theme}`,
    options: { fixture: { ...pictures, clusters: 4 }, theme, width: 1_000, height: 760 },
    act: (panel) => panel.get("#trust-toggle").click(),
  });
}
shots.push(
  {
    name: "columns-range",
    options: {
      fixture: table,
      width: 1_200,
      height: 720,
      state: look({ colorBy: "meta:delta", filters: { list: [{ field: "meta:delta", from: -1 }], search: "ann" } }),
    },
    act: (panel) => panel.get("#filter").click(),
  },
  {
    name: "columns-dates",
    options: {
      fixture: { ...table, count: 300, days: 2 },
      theme: "light",
      width: 900,
      height: 620,
      state: look({ colorBy: "meta:created", sizeBy: "meta:price" }),
    },
  },
  {
    name: "map-20000-lasso",
    options: { fixture: { kind: "lines", count: 20_000, clusters: 8 }, width: 1_200, height: 720 },
    act: async ({ page }) => {
      await page.keyboard.down("Shift");
      await page.mouse.move(200, 200);
      await page.mouse.down();
      for (const [x, y] of [
        [500, 180],
        [560, 400],
        [300, 500],
      ] as const) {
        await page.mouse.move(x, y, { steps: 6 });
      }
    },
  },
  {
    name: "map-20000-selected",
    options: {
      fixture: { kind: "lines", count: 20_000, clusters: 8 },
      theme: "light",
      width: 1_200,
      height: 720,
      state: look({ selected: Array.from({ length: 300 }, (_, i) => i * 3) }),
    },
  },
);
for (const [theme, selected] of [
  ["dark", [5, 6, 7, 40]],
  ["light", Array.from({ length: 30 }, (_, i) => (i * 7) % 133)],
] as const) {
  shots.push({
    name: `heatmap-selected-${theme}`,
    options: { fixture: pictures, change: { view: "similarity" }, theme, state: look({ selected: [...selected] }) },
  });
}
const many: FixtureOptions = { kind: "lines", count: 5_000, clusters: 10 };
shots.push(
  { name: "map-5000", options: { fixture: many, width: 1_200, height: 720 } },
  {
    name: "map-77-labels",
    options: { fixture: { kind: "lines", count: 2_000, labels: intents }, theme: "light", width: 1_200, height: 720 },
  },
  { name: "map-pca", options: { fixture: { ...pictures, method: "pca" }, width: 900, height: 600 } },
  {
    name: "folded-420-open",
    options: { fixture: pictures, width: 420, height: 720 },
    act: async (panel) => {
      await panel.get("#side-toggle").click();
      await chooseFirst(panel);
    },
  },
  {
    name: "running",
    options: {
      fixture: pictures,
      change: { state: { kind: "running", progress: { stage: "embed", done: 64, total: 133 } } },
      width: 900,
      height: 600,
    },
    act: (panel) => panel.get("#progress").waitFor(),
  },
  {
    name: "failed",
    options: {
      fixture: pictures,
      change: {
        state: {
          kind: "failed",
          error: { reason: "engine", message: "The engine stopped while embedding. Try again." },
        },
      },
      width: 900,
      height: 600,
    },
  },
  {
    name: "restored-offer",
    options: {
      fixture: pictures,
      restored: true,
      change: {
        state: { kind: "restored", stale: true },
        offer: {
          card: { id: "mobilenetv2", name: "MobileNetV2" } as never,
          state: "absent",
          bytes: 3_655_640,
        },
      },
      theme: "light",
      width: 900,
      height: 600,
    },
    act: chooseFirst,
  },
  {
    name: "settings",
    options: { fixture: pictures, width: 900, height: 600 },
    act: async (panel) => {
      await panel.get("#settings").click();
    },
  },
  {
    name: "export-menu",
    options: { fixture: pictures, theme: "light", width: 700, height: 600 },
    act: async (panel) => {
      await panel.get("#export").click();
    },
  },
  {
    name: "method-list",
    options: { fixture: pictures, theme: "dark", width: 900, height: 600 },
    act: async (panel) => {
      await panel.get("#method").click();
    },
  },
  {
    name: "map-hover",
    options: { fixture: pictures, width: 900, height: 600 },
    act: async (panel) => {
      await hoverPoint(panel, 60);
      await panel.get("#lens-tooltip img").waitFor();
    },
  },
  {
    name: "heatmap-500",
    options: { fixture: { kind: "lines", count: 500 }, change: { view: "similarity" }, width: 1_000, height: 720 },
    act: at(420, 250),
  },
);

shots.push({
  name: "heatmap-pair",
  options: { fixture: lines, change: { view: "similarity" }, width: 1_000, height: 640 },
  act: async (panel) => {
    await panel.page.mouse.click(420, 300);
    await panel.get("#pair-similarity").waitFor();
    await panel.page.mouse.move(5, 630);
  },
});

shots.push(...groupShots, ...clusterShots);

const mail: FixtureOptions = { kind: "lines", count: 60, labels: ["card", "delivery", "account"], dataset: {} };
for (const theme of themes) {
  shots.push({
    name: `columns-${theme}`,
    options: { fixture: mail, theme, width: theme === "light" ? 420 : 1_000, height: 640 },
    act: async (panel) => {
      await panel.get("#columns").click();
      await panel.get("#columns-table").waitFor();
    },
  });
}

for (const theme of ["dark", "light"] as const) {
  shots.push(
    {
      name: `search-${theme}`,
      options: { fixture: pictures, theme, width: 1_200, height: 720 },
      act: async (panel) => {
        await panel.get("#search").fill("a bird above the sea");
        await panel.page.keyboard.press("Enter");
        await panel.get("#search-rows img").nth(5).waitFor();
      },
    },
    {
      name: `findings-${theme}`,
      options: { fixture: pictures, theme, width: 1_200, height: 720 },
      act: async (panel) => {
        await panel.get("#findings-toggle").click();
        await panel.get("#findings-outliers").waitFor();
      },
    },
    {
      name: `network-${theme}`,
      options: { fixture: pictures, change: { view: "network" }, theme, width: 1_000, height: 640 },
      act: (panel) => hoverPoint(panel, 24),
    },
    {
      name: `deep-${theme}`,
      options: { fixture: { ...pictures, deep: true }, theme, width: 1_000, height: 640 },
      act: chooseFirst,
    },
    {
      name: `trust-${theme}`,
      options: { fixture: pictures, theme, width: 1_000, height: 640, state: { colorBy: "trust" } },
    },
    {
      name: `clusters-${theme}`,
      options: { fixture: { ...lines, count: 60, clusters: 4 }, theme, width: 1_000, height: 640 },
      act: (panel) => panel.get("#settings").click(),
    },
    {
      name: `order-${theme}`,
      options: {
        fixture: lines,
        change: { view: "similarity" },
        state: { order: "similarity" },
        theme,
        width: 1_000,
        height: 640,
      },
    },
  );
}

const labelled: FixtureOptions = { kind: "lines", count: 200, labels: ["card", "delivery", "account"] };
const comparing = { view: "compare" as const };
async function compared(panel: Panel): Promise<void> {
  await panel.choose("compare-with", "all-minilm-l6-v2");
  await panel.get("#moved-rows .finding").nth(2).click();
  await panel.get("#compare-second canvas").first().waitFor();
}
for (const theme of themes) {
  shots.push({
    name: `compare-${theme}`,
    options: { fixture: { ...lines, count: 60 }, change: comparing, theme, width: 1_200, height: 720, without: 3 },
    act: compared,
  });
}
shots.push(
  {
    name: "compare-labels",
    options: { fixture: labelled, change: comparing, theme: "light", width: 1_000, height: 640 },
    act: async (panel) => {
      await compared(panel);
      await hoverPoint(panel, 24, "#compare-second .layer");
    },
  },
  {
    name: "compare-420",
    options: { fixture: labelled, change: comparing, theme: "light", width: 420, height: 760 },
    act: async (panel) => {
      await panel.choose("compare-with", "all-minilm-l6-v2");
      await panel.get("#compare-second canvas").first().waitFor();
    },
  },
  { name: "compare-first", options: { fixture: labelled, change: comparing, width: 1_000, height: 640 } },
  {
    name: "compare-running",
    options: { fixture: labelled, change: comparing, width: 1_000, height: 640, hold: true },
    act: async (panel) => {
      await panel.choose("compare-with", "all-minilm-l6-v2");
      await panel.get("#progress").waitFor();
    },
  },
  {
    name: "compare-failed",
    options: {
      fixture: labelled,
      change: comparing,
      theme: "light",
      width: 1_000,
      height: 640,
      failing: { compare: "The model MiniLM L6 v2 could not be downloaded from huggingface.co: no answer." },
    },
    act: (panel) => panel.choose("compare-with", "all-minilm-l6-v2"),
  },
  {
    name: "compare-deep",
    options: { fixture: { ...labelled, deep: true }, change: comparing, width: 1_000, height: 640 },
    act: compared,
  },
  {
    name: "compare-8000",
    options: { fixture: { ...labelled, count: 8_000 }, change: comparing, width: 1_200, height: 720 },
    act: compared,
  },
);

/** Moves over a part of the page until a point is under the pointer. */
async function hoverPoint(panel: Panel, step: number, within = "#chart"): Promise<void> {
  const { x: left, y: top, width, height } = (await panel.get(within).boundingBox())!;
  for (let x = left + 60; x < left + width; x += step / 4) {
    for (let y = top + height / 2; y < top + height - 60; y += step / 4) {
      await panel.page.mouse.move(x, y);
      if (await panel.get("#lens-tooltip").isVisible()) return;
    }
  }
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const panels = await Panels.start();
  for (const { name, options, act } of shots) {
    if (!name.includes(word)) continue;
    const panel = await panels.open(options);
    await panel.drawn();
    await act?.(panel);
    await panel.frame();
    await panel.page.screenshot({ path: path.join(folder, `${name}.png`) });
    if (panel.errors.length > 0) console.log(name, panel.errors);
    await panel.close();
  }
  await panels.close();
}

void main();
