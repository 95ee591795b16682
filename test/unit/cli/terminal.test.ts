import assert from "node:assert/strict";
import { test } from "node:test";
import { Terminal } from "../../../src/cli/terminal";

const CLEAR = "\r\u001b[K";

/** What progress of four steps, 1.5 s apart, writes. */
function written(isTTY: boolean, quiet = false): string[] {
  const pieces: string[] = [];
  let now = 0;
  const clock = performance.now.bind(performance);
  performance.now = () => now;
  try {
    const terminal = new Terminal({ isTTY, columns: 30, write: (text) => pieces.push(text) }, quiet);
    for (const done of [1, 2, 3, 4, 5]) {
      terminal.progress({ stage: "embed", done: done * 1000, total: 5000 });
      now += 1_500;
    }
    terminal.say("done");
  } finally {
    performance.now = clock;
  }
  return pieces;
}

test("on a terminal progress is one line that changes and goes away", () => {
  const pieces = written(true);
  assert.deepEqual(pieces.slice(0, 2), [`${CLEAR}Embedding 2,000 of 5,000 …`, `${CLEAR}Embedding 3,000 of 5,000 …`]);
  assert.deepEqual(pieces.slice(-2), [CLEAR, "done\n"]);
});

test("elsewhere it is a line after a second and then every five", () => {
  assert.deepEqual(written(false), ["Embedding 2,000 of 5,000 …\n", "done\n"]);
});

test("--quiet writes no progress", () => {
  assert.deepEqual(written(true, true), ["done\n"]);
});

test("a download counts megabytes, and a narrow terminal is not overrun", () => {
  const pieces: string[] = [];
  const terminal = new Terminal({ isTTY: true, columns: 20, write: (text) => pieces.push(text) }, false);
  const clock = performance.now.bind(performance);
  performance.now = () => clock() + 1_000;
  try {
    terminal.progress({ stage: "model", done: 1_500_000, total: 46_820_737 });
  } finally {
    performance.now = clock;
  }
  assert.equal(pieces[0], `${CLEAR}Getting the model 1`);
});
