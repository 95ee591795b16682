import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ColumnMemory, sameChoice } from "../../../src/extension/column-memory";
import type { Memento } from "../../../src/extension/panel-records";
import type { Source } from "../../../src/protocol/recipe";

function fakeMemento(stored?: unknown): Memento {
  let value = stored;
  return {
    get: () => value,
    update: (_, next) => {
      value = structuredClone(next);
      return Promise.resolve();
    },
  };
}
const source = (change: Partial<Source> = {}): Source => ({ kind: "rows", paths: ["mail.csv"], ...change });

describe("ColumnMemory", () => {
  it("knows the columns of a file wherever its path starts from", async () => {
    const memory = new ColumnMemory(fakeMemento());
    await memory.put("/data", source({ columns: { text: "body", label: null }, header: true }));
    assert.deepEqual(memory.of("/", ["data/mail.csv"]), { columns: { text: "body", label: null }, header: true });
    assert.deepEqual(memory.of("/other", ["mail.csv"]), {});
  });

  it("keeps all that was chosen about a dataset, and nothing else of the source", async () => {
    const memory = new ColumnMemory(fakeMemento());
    const choice = { part: "/lung", sample: 50, root: "../photos", texts: null };
    await memory.put("/data", source({ ...choice, ranges: [[1, 2]] }));
    assert.deepEqual(memory.of("/data", ["mail.csv"]), choice);
  });

  it("forgets a file whose columns are guessed again", async () => {
    const memory = new ColumnMemory(fakeMemento());
    await memory.put("/data", source({ columns: { label: "a" } }));
    await memory.put("/data", source());
    assert.deepEqual(memory.of("/data", ["mail.csv"]), {});
  });

  it("keeps the last hundred files", async () => {
    const memory = new ColumnMemory(fakeMemento());
    for (let i = 0; i < 101; i++) await memory.put("/data", source({ paths: [`${i}.csv`], columns: { label: "a" } }));
    assert.deepEqual(memory.of("/data", ["0.csv"]), {});
    assert.deepEqual(memory.of("/data", ["100.csv"]), { columns: { label: "a" } });
  });

  it("takes what it cannot read for nothing", () => {
    for (const stored of ["x", [['["/data/mail.csv"]', { columns: { label: 1.5 } }]]]) {
      assert.deepEqual(new ColumnMemory(fakeMemento(stored)).of("/data", ["mail.csv"]), {});
    }
  });
});

it("columns are the same in any order of their roles, and differ when one is none instead of guessed", () => {
  assert.ok(sameChoice(source({ columns: { text: 1, label: 2 } }), source({ columns: { label: 2, text: 1 } })));
  assert.ok(!sameChoice(source(), source({ columns: { label: null } })));
});
