import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { onePanel } from "./one-panel";
import themes from "./themes.json";

const start = onePanel();

for (const view of ["map", "similarity", "compare"] as const) {
  test(`of the keyboard can be seen to be on the chart: ${view}`, async () => {
    const theme = "contrast-light";
    const panel = await start({ fixture: { kind: "lines", count: 20 }, change: { view }, theme });
    const box = (await panel.get("#chart").boundingBox())!;
    /** The colour of the chart's edge, half way down. */
    const edge = async (): Promise<string> => {
      const clip = { x: box.x, y: Math.round(box.y + box.height / 2), width: 1, height: 1 };
      const { data } = await sharp(await panel.page.screenshot({ clip }))
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      return `#${data.toString("hex")}`;
    };
    const before = await edge();
    await panel.get("#export").focus();
    await panel.page.keyboard.press("Tab");
    await panel.until("document.activeElement.id === 'chart'");
    await panel.frame();
    const ring = themes[theme].variables.focusBorder;
    assert.notEqual(before, ring);
    assert.equal(await edge(), ring);
  });
}
