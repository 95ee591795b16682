import assert from "node:assert/strict";
import { mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import sharp from "sharp";
import { decodePicture, PictureError } from "../../../src/engine/embed/picture";
import { thumbnail } from "../../../src/engine/embed/thumbnail";
import type { ImageInput } from "../../../src/protocol/models";
import { cornersOf, fourCorners } from "../../support/pictures";

const SIDE = 32;
const input = (fields: Partial<ImageInput> = {}): ImageInput => ({
  size: [SIDE, SIDE],
  fit: "stretch",
  resizeTo: SIDE,
  kernel: "linear",
  order: "rgb",
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  ...fields,
});
const RED = [255, 0, 0];
const GREEN = [0, 255, 0];
const BLUE = [0, 0, 255];
const WHITE = [255, 255, 255];
const UPRIGHT = [RED, GREEN, BLUE, WHITE];

let folder = "";
before(async () => void (folder = await mkdtemp(join(tmpdir(), "lens-pictures-"))));
after(() => rm(folder, { recursive: true, force: true }));

const file = (name: string): string => join(folder, name);
const corners = async (path: string): Promise<number[][]> => cornersOf(await decodePicture(path, input()), SIDE, SIDE);
const near = (got: number[][], want: number[][], tolerance: number): void =>
  assert.ok(
    got.flat().every((value, i) => Math.abs(value - want.flat()[i]!) <= tolerance),
    `${JSON.stringify(got)} is not near ${JSON.stringify(want)}`,
  );

describe("decoding a picture", () => {
  for (const [format, tolerance] of [
    ["png", 0],
    ["tiff", 6],
    ["gif", 4],
    ["webp", 8],
    ["jpg", 8],
    ["avif", 24],
  ] as const) {
    test(`${format} gives its colours where they are`, async () => {
      await fourCorners().toFile(file(`corners.${format}`));
      near(await corners(file(`corners.${format}`)), UPRIGHT, tolerance);
    });
  }

  test("grey becomes three equal channels", async () => {
    await fourCorners().toColourspace("b-w").png().toFile(file("grey.png"));
    assert.equal((await sharp(file("grey.png")).metadata()).channels, 1);
    const got = await corners(file("grey.png"));
    assert.ok(got.every(([r, g, b]) => r === g && g === b));
    assert.deepEqual(got[3], WHITE);
    assert.ok(got[2]![0]! < got[1]![0]!, "blue is darker than green");
  });

  test("transparent parts are white, whatever colour hides there", async () => {
    const clear = { r: 0, g: 0, b: 0, alpha: 0 };
    await sharp({ create: { width: 40, height: 40, channels: 4, background: clear } })
      .composite([
        {
          input: { create: { width: 20, height: 40, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 1 } } },
          left: 0,
          top: 0,
        },
      ])
      .png()
      .toFile(file("alpha.png"));
    assert.deepEqual(await corners(file("alpha.png")), [RED, WHITE, RED, WHITE]);
  });

  test("grey with transparency and palettes with transparency too", async () => {
    await sharp({ create: { width: 16, height: 16, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } } })
      .toColourspace("b-w")
      .png()
      .toFile(file("grey-alpha.png"));
    near(await corners(file("grey-alpha.png")), Array<number[]>(4).fill([127, 127, 127]), 2);
    await fourCorners().ensureAlpha(0.5).png({ palette: true }).toFile(file("palette.png"));
    near(await corners(file("palette.png")), [[255, 127, 127], [127, 255, 127], [127, 127, 255], WHITE], 4);
  });

  test("CMYK becomes RGB", async () => {
    await fourCorners().toColourspace("cmyk").jpeg({ quality: 95 }).toFile(file("cmyk.jpg"));
    assert.equal((await sharp(file("cmyk.jpg")).metadata()).space, "cmyk");
    const [red, green, blue, white] = await corners(file("cmyk.jpg"));
    assert.ok(red![0]! > 180 && red![1]! < 90 && red![2]! < 90, `red: ${red!.join()}`);
    // Screen green lies outside of what CMYK can print.
    assert.ok(green![1]! > green![0]! && green![1]! > green![2]! + 60, `green: ${green!.join()}`);
    assert.ok(blue![2]! > 90 && blue![0]! < 110, `blue: ${blue!.join()}`);
    assert.ok(
      white!.every((value) => value > 245),
      `white: ${white!.join()}`,
    );
  });

  test("16 bits become 8, in colour and in grey", async () => {
    await fourCorners().toColourspace("rgb16").png().toFile(file("deep.png"));
    assert.equal((await sharp(file("deep.png")).metadata()).depth, "ushort");
    near(await corners(file("deep.png")), UPRIGHT, 1);
    await fourCorners().toColourspace("grey16").png().toFile(file("deep-grey.png"));
    assert.equal((await sharp(file("deep-grey.png")).metadata()).depth, "ushort");
    near((await corners(file("deep-grey.png"))).slice(3), [WHITE], 1);
  });

  for (const format of ["gif", "webp"] as const) {
    test(`of an animated ${format} the first frame counts`, async () => {
      const frames = await Promise.all(
        ["#ff0000", "#0000ff"].map((background) =>
          sharp({ create: { width: 20, height: 20, channels: 3, background } })
            .png()
            .toBuffer(),
        ),
      );
      const path = file(`moving.${format}`);
      await sharp(frames, { join: { animated: true } })
        .toFormat(format)
        .toFile(path);
      assert.equal((await sharp(path).metadata()).pages, 2);
      near(await corners(path), Array<number[]>(4).fill(RED), 8);
    });
  }

  const SEEN: Record<number, number[][]> = {
    1: [RED, GREEN, BLUE, WHITE],
    2: [GREEN, RED, WHITE, BLUE],
    3: [WHITE, BLUE, GREEN, RED],
    4: [BLUE, WHITE, RED, GREEN],
    5: [RED, BLUE, GREEN, WHITE],
    6: [BLUE, RED, WHITE, GREEN],
    7: [WHITE, GREEN, BLUE, RED],
    8: [GREEN, WHITE, RED, BLUE],
  };
  for (const [orientation, seen] of Object.entries(SEEN)) {
    test(`EXIF orientation ${orientation} is turned upright, stretched, cropped and as a thumbnail`, async () => {
      const path = file(`turned-${orientation}.jpg`);
      await fourCorners(96, 64)
        .withMetadata({ orientation: Number(orientation) })
        .jpeg({ quality: 95, chromaSubsampling: "4:4:4" })
        .toFile(path);
      near(await corners(path), seen, 12);
      near(cornersOf(await decodePicture(path, input({ fit: "crop" })), SIDE, SIDE), seen, 12);
      near(cornersOf(await decodePicture(path, input({ fit: "crop", resizeTo: 40 })), SIDE, SIDE), seen, 12);
      const { bytes, type } = await thumbnail(path, 48);
      assert.equal(type, "image/webp");
      const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
      assert.deepEqual([info.width, info.height], Number(orientation) < 5 ? [48, 32] : [32, 48]);
      near(cornersOf(data, info.width, info.height), seen, 24);
    });
  }

  test("a crop keeps the aspect ratio, a stretch does not", async () => {
    // Black bars left and right of a white square: the crop shows the square only.
    const bar = { create: { width: 100, height: 100, channels: 3 as const, background: "#ffffff" } };
    await sharp({ create: { width: 300, height: 100, channels: 3, background: "#000000" } })
      .composite([{ input: bar, left: 100, top: 0 }])
      .png()
      .toFile(file("wide.png"));
    const share = (pixels: Uint8Array): number => pixels.filter((value) => value > 127).length / pixels.length;
    assert.ok(share(await decodePicture(file("wide.png"), input({ fit: "crop" }))) > 0.99);
    const stretched = share(await decodePicture(file("wide.png"), input()));
    assert.ok(Math.abs(stretched - 1 / 3) < 0.04, `${stretched}`);
  });

  test("pictures of one pixel, one row and one column are decoded", async () => {
    for (const [width, height] of [
      [1, 1],
      [3000, 1],
      [1, 3000],
    ] as const) {
      const path = file(`thin-${width}-${height}.png`);
      await sharp({ create: { width, height, channels: 3, background: "#ff0000" } })
        .png()
        .toFile(path);
      for (const fields of [{}, { fit: "crop" as const }, { fit: "crop" as const, resizeTo: 40 }]) {
        near(cornersOf(await decodePicture(path, input(fields)), SIDE, SIDE), Array<number[]>(4).fill(RED), 1);
      }
    }
  });
});

describe("a picture of 100 megapixels", () => {
  test("is decoded within 400 MB", async () => {
    const background = { r: 10, g: 200, b: 30 };
    const path = file("huge.png");
    await sharp({ create: { width: 10_000, height: 10_000, channels: 3, background } })
      .png()
      .toFile(path);
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
    const pixels = await decodePicture(path, input({ fit: "crop" }));
    clearInterval(watch);
    assert.deepEqual([...pixels.subarray(0, 3)], [10, 200, 30]);
    assert.ok(most - before < 400e6, `${Math.round((most - before) / 1e6)} MB`);
  });
});

describe("a picture that cannot be decoded is named with a plain reason", () => {
  const reasons = (path: string, reason: RegExp): Promise<void> =>
    assert.rejects(decodePicture(path, input()), (error: unknown) => {
      assert.ok(error instanceof PictureError);
      assert.match(error.message, reason);
      assert.ok(!error.message.includes(folder), "no path in the reason");
      return true;
    });

  test("an empty file", async () => {
    await writeFile(file("empty.jpg"), "");
    await reasons(file("empty.jpg"), /^the file is empty$/);
  });

  test("a text that is called a picture", async () => {
    await writeFile(file("text.jpg"), "This is not a picture.");
    await reasons(file("text.jpg"), /^it is not a picture in a readable format$/);
  });

  test("another format behind a picture's name: no other decoder gets to see it", async () => {
    await writeFile(file("drawing.png"), '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await reasons(file("drawing.png"), /^it is not a picture in a readable format$/);
  });

  for (const format of ["jpg", "png", "webp", "gif"] as const) {
    test(`a ${format} of which the end is missing`, async () => {
      const path = file(`cut.${format}`);
      const noise = Buffer.from(Array.from({ length: 200 * 200 * 3 }, (_, i) => (i * 7919 + (i >> 3) * 104729) % 256));
      const { size } = await sharp(noise, { raw: { width: 200, height: 200, channels: 3 } }).toFile(path);
      await truncate(path, size >> 1);
      await reasons(path, /cut off|damaged/);
    });
  }

  test("a file with wrong bytes in its middle", async () => {
    const path = file("damaged.png");
    const bytes = await fourCorners(300, 300).png().toBuffer();
    bytes.fill(0x55, bytes.length >> 1, (bytes.length >> 1) + 40);
    await writeFile(path, bytes);
    await reasons(path, /damaged|cut off/);
  });

  test("a decompression bomb", async () => {
    const path = file("bomb.png");
    const bytes = await fourCorners().png().toBuffer();
    bytes.writeUInt32BE(40_000, 16);
    bytes.writeUInt32BE(40_000, 20);
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    await writeFile(path, bytes);
    await reasons(path, /more than 500 million pixels/);
  });

  test("a file that is gone, and a link to nowhere", async () => {
    await reasons(file("gone.jpg"), /no longer there/);
    await symlink(file("nowhere.jpg"), file("link.jpg"));
    await reasons(file("link.jpg"), /no longer there/);
  });

  test("its thumbnail names the file in one sentence", async () => {
    await writeFile(file("bad.jpg"), "no");
    await assert.rejects(thumbnail(file("bad.jpg"), 64), {
      reason: "source",
      message: "“bad.jpg” cannot be shown: it is not a picture in a readable format.",
    });
  });
});

/** PNG's checksum (ISO 3309). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
