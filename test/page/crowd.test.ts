import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FixtureOptions } from "./fixtures";
import type { Panel, PanelOptions } from "./harness";
import { onePanel } from "./one-panel";

const crowd: FixtureOptions = { kind: "lines", count: 20_000, clusters: 4 };

/** The layer asks for WebGL2 on a real graphics processor only; a test lets it take the software's, or none at all. */
const TAKE = {
  webgl2: `const get = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, options) {
      return get.call(this, kind, kind === "webgl2" ? { ...options, failIfMajorPerformanceCaveat: false, preserveDrawingBuffer: true } : options);
    };
    const extension = WebGL2RenderingContext.prototype.getExtension;
    WebGL2RenderingContext.prototype.getExtension = function (name) {
      return name === "WEBGL_debug_renderer_info" ? null : extension.call(this, name);
    };`,
  image: `const get = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, options) { return kind === "webgl2" ? null : get.call(this, kind, options); };`,
} as const;

/** Pixels of the layer that some point covers, and their mean colour. */
const COVERED = `(() => {
  const from = document.querySelector(".layer:not([hidden]) .points canvas");
  const copy = document.createElement("canvas");
  copy.width = from.width; copy.height = from.height;
  const context = copy.getContext("2d");
  context.drawImage(from, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  let covered = 0; const sum = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0) { covered++; for (const c of [0, 1, 2]) sum[c] += data[i + c]; }
  return [covered, ...sum.map((one) => one / covered)];
})()`;

// The software's WebGL says in the console that pixels are read back, which only a test does.
const start = onePanel({ webgl: true, ignored: "GPU stall due to ReadPixels" });
let panel: Panel;

const open = async (options: PanelOptions): Promise<Panel> => (panel = await start(options));

describe("20,000 points", () => {
  for (const deep of [false, true]) {
    test(`look alike by WebGL2 and by plain arrays${deep ? ", in three dimensions too" : ""}`, async () => {
      const pictures: number[][] = [];
      for (const by of ["webgl2", "image"] as const) {
        await open({ fixture: { ...crowd, deep }, before: TAKE[by] });
        await panel.get(`.layer:not([hidden]) .points[data-by="${by}"]`).waitFor();
        pictures.push(await panel.page.evaluate<number[]>(COVERED));
        if (by === "webgl2") await panel.close();
      }
      const [gl, image] = pictures as [number[], number[]];
      assert.ok(image[0]! > 5_000, `${image[0]} pixels`);
      assert.ok(Math.abs(gl[0]! / image[0]! - 1) < 0.15, `${gl[0]} and ${image[0]} pixels are covered`);
      for (const c of [1, 2, 3])
        assert.ok(Math.abs(gl[c]! - image[c]!) < (deep ? 6 : 12), `mean colours ${String(gl)} and ${String(image)}`);
    });
  }

  test("stay when the graphics processor is taken away", async () => {
    await open({ fixture: crowd, before: TAKE.webgl2 });
    await panel.page.evaluate(
      "document.querySelector('.points canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()",
    );
    await panel.get(`.layer:not([hidden]) .points[data-by="image"]`).waitFor();
    const [covered] = await panel.page.evaluate<number[]>(COVERED);
    assert.ok(covered! > 5_000);
  });

  test("a hand draws around some of them with Shift: these are chosen, more with Ctrl, and Escape lets go", async () => {
    await open({ fixture: crowd, before: TAKE.image });
    const box = (await panel.get("#chart").boundingBox())!;
    const { mouse, keyboard } = panel.page;
    const drag = async (from: number, to: number) => {
      await mouse.move(box.x + box.width * from, box.y + 60);
      await mouse.down();
      for (const [x, y] of [
        [to, 60],
        [to, box.height - 60],
        [from, box.height - 60],
      ] as const) {
        await mouse.move(box.x + box.width * x, box.y + y, { steps: 3 });
      }
      await mouse.up();
    };
    const count = async () => Number((await panel.get("#selected-count").innerText()).replace(/\D/g, ""));
    await keyboard.down("Shift");
    await drag(0.2, 0.5);
    await keyboard.up("Shift");
    await panel.get("#selected-count").waitFor();
    const first = await count();
    assert.ok(first > 500 && first < 19_000, `${first} chosen`);
    assert.equal((await panel.said("reveal")).length, 0, "nothing is opened for a crowd");
    await keyboard.down("Shift");
    await keyboard.down("Control");
    await drag(0.5, 0.8);
    await keyboard.up("Control");
    await keyboard.up("Shift");
    assert.ok((await count()) > first);
    await keyboard.press("Escape");
    await panel.get(".details .hint").waitFor();
  });

  test("are saved: a drawing holds their layer as a picture between axes and legend", async () => {
    await open({ fixture: crowd, before: TAKE.image });
    await panel.get("#export").click();
    await panel.get("#export-svg").click();
    await panel.until("fakeHost.saved");
    const picture = await panel.host<boolean>(
      `savedText.includes('<image ') && fakeHost.savedText.includes("data:image/png")`,
    );
    assert.ok(picture);
    const paths = await panel.host<number>("savedText.split('<path ').length");
    assert.ok(paths < 300, `${paths} paths: no point is drawn by itself`);
    assert.ok(await panel.host<boolean>("savedText.includes('waves, ocean, 3')"), "the legend is a drawing");
  });
});
