import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FixtureOptions } from "./fixtures";
import { onePanel } from "./one-panel";

const pictures: FixtureOptions = { kind: "pictures", count: 133, labels: ["bird", "cat"] };

const start = onePanel();

describe("a long reduction", () => {
  test("a map that forms is seen, and can be stopped and kept", async () => {
    const panel = await start({ fixture: pictures });
    await panel.host('sendState({ kind: "running", progress: { stage: "reduce", done: 50, total: 500 } })');
    await panel.get("#progress").waitFor();
    assert.ok(await panel.get("#enough").isHidden(), "there is nothing to keep yet");
    const inked = `(() => {
      const canvas = document.querySelector("#forming canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((v, i) => i % 4 === 3 && v > 0).length;
    })()`;
    await panel.host("sendForming([[0, 0], [1, 1], [0, 1]], 50, 500)");
    await panel.get("#forming").waitFor();
    const [bar, map] = await Promise.all(["#progress", "#forming"].map((id) => panel.get(id).boundingBox()));
    assert.ok(bar && map && map.y >= bar.y + bar.height, "no part of the map is under the bar");
    const three = await panel.page.evaluate<number>(inked);
    assert.ok(three > 0);
    await panel.host("sendForming(Array.from({ length: 40 }, (_, i) => [i % 7, i % 5]), 100, 500)");
    await panel.until(`${inked} > ${2 * three}`);
    await panel.get("#enough").click();
    await panel.heard("enough");
    await panel.host(`sendResult(${JSON.stringify(pictures)}, { stopped: true })`);
    await panel.host('sendState({ kind: "done" })');
    await panel.until("document.querySelector('#forming').hidden");
    assert.match(await panel.get("#status").innerText(), /stopped early/);
    await panel.get("#banner").getByRole("button", { name: "Run again" }).click();
    await panel.heard("rerun");
  });
});
