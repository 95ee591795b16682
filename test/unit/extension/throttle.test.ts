import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { Throttle } from "../../../src/extension/throttle";

describe("Throttle", () => {
  it("passes the first value at once and then the latest of each interval", () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const passed: number[] = [];
      const throttle = new Throttle<number>(100, (value) => passed.push(value));
      for (const value of [1, 2, 3]) throttle.push(value);
      assert.deepEqual(passed, [1]);
      mock.timers.tick(100);
      assert.deepEqual(passed, [1, 3]);
      throttle.push(4);
      throttle.clear();
      mock.timers.tick(500);
      assert.deepEqual(passed, [1, 3]);
    } finally {
      mock.timers.reset();
    }
  });
});
