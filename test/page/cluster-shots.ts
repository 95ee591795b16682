// Clusters with the names that texts give them, for screenshots.ts.
import type { FixtureOptions } from "./fixtures";
import { look, type Shot } from "./shot";

const NAMES = [
  "identity, verify, verification",
  "virtual, disposable, cards",
  "transaction, pending, withdrawal",
  "currencies, exchange, international",
  "pin, unblock",
  "Iris-versicolor (47 %), Iris-virginica (41 %)",
  "mutterschutzgesetz, kündigung, elterngeld",
  "visa, mastercard, both",
];
export const named: FixtureOptions = { kind: "lines", count: 300, clusters: 8, clusterNames: NAMES };
export const clusterShots: Shot[] = [];

for (const [theme, width] of [
  ["dark", 1_200],
  ["light", 760],
] as const) {
  const options = { fixture: named, theme, width, height: 720, state: look({ colorBy: "cluster" }) };
  clusterShots.push(
    { name: `names-legend-${theme}`, options, act: (panel) => panel.get("#legend-name-3").hover() },
    { name: `names-trust-${theme}`, options, act: (panel) => panel.get("#trust-toggle").click() },
    {
      name: `names-point-${theme}`,
      options: { ...options, state: look({ colorBy: "cluster", selected: [5] }) },
      act: async (panel) => {
        for (let x = 80; x < 500; x += 9) {
          await panel.page.mouse.move(x, 300);
          if (await panel.get("#lens-tooltip").isVisible()) return;
        }
      },
    },
    {
      name: `names-exemplar-${theme}`,
      options: {
        ...options,
        fixture: { ...named, kind: "pictures", labels: ["cat", "dog"] },
      },
      act: async (panel) => {
        await panel.get("#legend-name-5").click();
        await panel.get("#legend-exemplar img").waitFor();
      },
    },
    { name: `names-filter-${theme}`, options, act: (panel) => panel.get("#filter").click() },
  );
}
