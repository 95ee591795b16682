import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inOrderAhead } from "../../../src/engine/embed/ahead";
import { middleOf } from "../../../src/engine/embed/picture";
import { toTensor } from "../../../src/engine/embed/pixels";
import type { ImageInput } from "../../../src/protocol/models";

const INPUT: ImageInput = {
  size: [1, 2],
  fit: "stretch",
  resizeTo: 2,
  kernel: "linear",
  order: "rgb",
  scale: 1 / 255,
  mean: [0.5, 0.25, 0],
  std: [0.5, 1, 2],
};

describe("pixels become the model's input", () => {
  const pixels = Uint8Array.of(255, 0, 51, 0, 255, 102);

  test("channel after channel, scaled, minus the mean, over the deviation", () => {
    const want = [1, -1, -0.25, 0.75, 0.1, 0.2];
    toTensor(INPUT)(pixels).forEach((value, i) => assert.ok(Math.abs(value - want[i]!) < 1e-7, `${i}: ${value}`));
  });

  test("blue comes first for a model of that order", () => {
    const caffe: ImageInput = { ...INPUT, order: "bgr", scale: 1, mean: [104, 117, 123], std: [1, 1, 1] };
    assert.deepEqual([...toTensor(caffe)(pixels)], [51 - 104, 102 - 104, -117, 255 - 117, 255 - 123, -123]);
  });
});

describe("the middle of a picture", () => {
  /** Each pixel holds its column and row. */
  const picture = (width: number, height: number): Uint8Array =>
    Uint8Array.from({ length: width * height * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return i % 3 === 0 ? pixel % width : i % 3 === 1 ? Math.floor(pixel / width) : 0;
    });

  test("is cut out with equal margins", () => {
    const cut = middleOf(picture(8, 6), 8, 4, 2);
    assert.deepEqual([...cut.subarray(0, 3)], [2, 2, 0]);
    assert.deepEqual([...cut.subarray(-3)], [5, 3, 0]);
    assert.equal(cut.length, 4 * 2 * 3);
  });

  test("is the picture itself when nothing is to cut", () => {
    const whole = picture(3, 2);
    assert.equal(middleOf(whole, 3, 3, 2), whole);
  });
});

describe("work ahead", () => {
  test("answers come in the items' order, with only so many started", async () => {
    let running = 0;
    let most = 0;
    const answers: number[] = [];
    const work = async (n: number): Promise<number> => {
      most = Math.max(most, ++running);
      for (let turns = 10 - n; turns > 0; turns--) await Promise.resolve();
      running--;
      return n;
    };
    for await (const n of inOrderAhead([0, 1, 2, 3, 4, 5, 6, 7], 2, work)) answers.push(n);
    assert.deepEqual(answers, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.ok(most <= 3 && most >= 2, `${most}`);
  });
});
