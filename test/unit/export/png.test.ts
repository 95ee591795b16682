import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { encodePng, pngDataUrl } from "../../../src/export";

test("pixels come back from the PNG as they were", async () => {
  const rgba = Uint8Array.from({ length: 3 * 5 * 4 }, (_, i) => (i * 37) % 256);
  const { data, info } = await sharp(encodePng(rgba, 5, 3))
    .raw()
    .toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height, info.channels], [5, 3, 4]);
  assert.deepEqual(Uint8Array.from(data), rgba);
});

test("a data URL holds the same file", () => {
  const rgba = Uint8Array.of(255, 0, 0, 255);
  const [head, body] = pngDataUrl(rgba, 1, 1).split(",");
  assert.equal(head, "data:image/png;base64");
  assert.deepEqual(Uint8Array.from(Buffer.from(body!, "base64")), Uint8Array.from(encodePng(rgba, 1, 1)));
});
