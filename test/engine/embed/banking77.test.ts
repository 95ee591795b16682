import assert from "node:assert/strict";
import { test } from "node:test";
import { banking77 } from "../../../bench/banking77";
import { realData } from "../../support/data";

const { skip } = realData("data/banking77");

test(
  "glove-100d gives at least 80 % of the BANKING77 test set the right intent by its ten nearest neighbours",
  { skip },
  async () => {
    const { accuracy, train, test: count } = await banking77();
    assert.deepEqual([train, count], [10_003, 3_080]);
    assert.ok(accuracy >= 0.8, String(accuracy));
  },
);
