import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Offer } from "../../../src/extension/offer";
import { PanelRecords, type Memento } from "../../../src/extension/panel-records";
import type { ModelInfo } from "../../../src/protocol/models";
import { record, result } from "./fixtures";

class FakeMemento implements Memento {
  readonly values = new Map<string, unknown>();
  get(key: string): unknown {
    return this.values.get(key);
  }
  update(key: string, value: unknown): Promise<void> {
    this.values.set(key, structuredClone(value));
    return Promise.resolve();
  }
}

describe("PanelRecords", () => {
  it("gives back the last record of an id", async () => {
    const records = new PanelRecords(new FakeMemento());
    await records.put(record());
    await records.put(record({ view: "similarity" }));
    assert.deepEqual(records.get("one"), record({ view: "similarity" }));
    assert.equal(records.get("two"), null);
  });
  it("keeps the last 50", async () => {
    const records = new PanelRecords(new FakeMemento());
    for (let i = 0; i < 51; i++) await records.put(record({ id: String(i) }));
    assert.equal(records.get("0"), null);
    assert.ok(records.get("1"));
  });
  it("takes a recipe that this version cannot read for absent", async () => {
    const memento = new FakeMemento();
    await memento.update("panels", [{ ...record(), recipe: { version: 9 } }]);
    assert.equal(new PanelRecords(memento).get("one"), null);
  });
});

describe("Offer", () => {
  const picture = result(2, {
    model: { id: "lens-tiny", name: "", dims: 1, tensor: "" },
    items: { ...result(2).items, kind: "image" },
  });
  const sharper = (state: ModelInfo["state"]) => [{ card: { id: "mobilenetv2" }, state, bytes: 1 }] as ModelInfo[];

  it("is made once, after a map of pictures with the built-in model", async () => {
    const offer = new Offer(new FakeMemento());
    assert.ok(!offer.isFor(result()));
    assert.ok(offer.isFor(picture));
    assert.equal((await offer.take(sharper("absent")))?.card.id, "mobilenetv2");
    assert.ok(!offer.isFor(picture));
  });
  it("is not made when the model is here already", async () => {
    assert.equal(await new Offer(new FakeMemento()).take(sharper("installed")), null);
  });
});
