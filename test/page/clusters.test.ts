import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FixtureOptions } from "./fixtures";
import type { Panel, PanelOptions } from "./harness";
import { hover } from "./hover";
import { onePanel } from "./one-panel";
import { look } from "./shot";

const lines: FixtureOptions = { kind: "lines", count: 20, clusters: 3 };

const start = onePanel();
let panel: Panel;

const open = async (options: PanelOptions): Promise<Panel> => (panel = await start(options));

describe("the exemplar of a cluster", () => {
  test("stands in the legend under a cluster that stands out, and a click shows it", async () => {
    await open({ fixture: lines, state: look({ colorBy: "cluster" }) });
    assert.equal(await panel.get("#legend-exemplar").count(), 0);
    await panel.get("#legend-name-1").click();
    await panel.get("#legend-exemplar").getByText("It's a beautiful day outside").click();
    assert.deepEqual(await panel.heard("reveal"), [{ index: 1 }]);
    await panel.get("#legend-name-2").click();
    await panel.get("#legend-exemplar").getByText("I love hiking in the mountains").waitFor();
    await panel.get("#legend-name-2").click();
    assert.equal(await panel.get("#legend-exemplar").count(), 0);
  });

  test("is a click away from an item of its cluster, which says when it is that itself", async () => {
    await open({ fixture: lines, state: look({ selected: [4] }) });
    await panel.get(".details-cluster").getByText("waves, ocean, 1").waitFor();
    await panel.get("#exemplar").click();
    assert.deepEqual(await panel.heard("reveal"), [{ index: 1 }]);
    await panel.get("#details").getByText("its exemplar").waitFor();
    assert.equal(await panel.get("#exemplar").count(), 0);
  });
});

describe("the names of clusters", () => {
  test("stand in the tooltip of a point where they are its colour", async () => {
    const fixture = { ...lines, clusters: 1, labels: ["card", "pin"] };
    await open({ fixture });
    await hover(panel.page);
    assert.doesNotMatch(await panel.get("#lens-tooltip").innerText(), /waves/);
    await panel.close();
    await open({ fixture, state: look({ colorBy: "cluster" }) });
    await hover(panel.page);
    assert.match(await panel.get("#lens-tooltip").innerText(), /waves, ocean, 0/);
  });

  test("have a second line in the legend where the first has no room", async () => {
    const clusterNames = ["identity, verification, transactions, currencies", "pin"];
    await open({ fixture: { ...lines, clusters: 2, clusterNames }, state: look({ colorBy: "cluster" }), width: 800 });
    const [long, short] = await Promise.all([0, 1].map((at) => panel.get(`#legend-name-${at} .name`).boundingBox()));
    assert.ok(long!.height > 1.5 * short!.height, `${long!.height} and ${short!.height}`);
  });
});
