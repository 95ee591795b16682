// Heatmaps that are ordered by label or by cluster, for screenshots.ts.
import type { FixtureOptions } from "./fixtures";
import { at, intents, look, type Shot } from "./shot";

const QUESTIONS = ["card payments", "parcel", "my account", "opening hours and holidays", "jobs", "press"];
export const groupShots: Shot[] = [];

const grouped = (order: "label" | "cluster", change: object = {}) => ({ ...look({ selected: [] }), order, ...change });
const inGroups: [string, FixtureOptions, "label" | "cluster"][] = [
  ["35", { kind: "lines", count: 35, labels: QUESTIONS }, "label"],
  ["300", { kind: "lines", count: 300, clusters: 9 }, "cluster"],
  ["300-labels", { kind: "lines", count: 300, labels: intents }, "label"],
  ["5000", { kind: "lines", count: 5_000, clusters: 12 }, "cluster"],
];
for (const theme of ["dark", "light"] as const) {
  for (const [name, fixture, order] of inGroups) {
    groupShots.push({
      name: `groups-${name}-${theme}`,
      options: {
        fixture,
        change: { view: "similarity" },
        theme,
        width: 1_200,
        height: 720,
        state: grouped(order, name === "300" ? { selected: [3, 4, 5, 40, 41] } : {}),
      },
      act: at(420, 300),
    });
  }
  groupShots.push({
    name: `groups-350-${theme}`,
    options: {
      fixture: inGroups[0]![1],
      change: { view: "similarity" },
      theme,
      width: 350,
      height: 720,
      state: grouped("label"),
    },
  });
}
groupShots.push(
  {
    name: "groups-zoomed",
    options: {
      fixture: inGroups[1]![1],
      change: { view: "similarity" },
      width: 1_000,
      height: 640,
      state: grouped("cluster"),
    },
    act: async ({ page }) => {
      await page.mouse.move(420, 300);
      await page.mouse.wheel(0, -600);
    },
  },
  {
    name: "groups-drag",
    options: {
      fixture: inGroups[0]![1],
      change: { view: "similarity" },
      width: 1_000,
      height: 640,
      state: grouped("label"),
    },
    act: async ({ page }) => {
      await page.keyboard.down("Shift");
      await page.mouse.move(400, 200);
      await page.mouse.down();
      await page.mouse.move(470, 300, { steps: 6 });
    },
  },
);
