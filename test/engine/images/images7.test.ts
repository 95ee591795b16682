import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { images7, LENS_TINY, MOBILENET } from "../../../bench/images7";
import { realData } from "../../support/data";

describe("images7: the nearest picture is of the same kind", () => {
  const pictures = realData("data/images7");

  test("for 114 of 133 with lens-tiny, as its card's author measured", { skip: pictures.skip }, async () => {
    const { accuracy, within, between, pictures: count } = await images7(LENS_TINY);
    assert.equal(count, 133);
    // Processors differ in the last bits: one picture more or less.
    assert.ok(Math.abs(accuracy - 114 / 133) < 1.5 / 133, `${accuracy}`);
    assert.ok(within > between + 0.1, `${within} within, ${between} between`);
  });

  test(
    "for 130 of 133 with MobileNetV2, on processors without VNNI too",
    {
      skip: pictures.skip || realData("models/mobilenetv2-12-int8").skip,
    },
    async () => {
      const { accuracy, within, between } = await images7(MOBILENET);
      assert.ok(accuracy >= 129 / 133, `${accuracy}`);
      assert.ok(within > between + 0.1, `${within} within, ${between} between`);
    },
  );
});
