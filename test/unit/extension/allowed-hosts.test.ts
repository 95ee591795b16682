import assert from "node:assert/strict";
import { it } from "node:test";
import type { Memento } from "../../../src/extension/panel-records";
import { AllowedHosts } from "../../../src/extension/pictures/allowed-hosts";

it("hosts that pictures may be loaded from are remembered with their ports, and nothing else counts as allowed", async () => {
  let stored: unknown;
  const memento: Memento = {
    get: () => stored,
    update: (_, next) => Promise.resolve(void (stored = structuredClone(next))),
  };
  const hosts = new AllowedHosts(memento);
  assert.ok(!hosts.has("a.example"));
  await hosts.add(["a.example", "b.example:8080"]);
  await hosts.add([]);
  assert.ok(new AllowedHosts(memento).has("b.example:8080"));
  assert.ok(!hosts.has("b.example"));
  stored = [1, "c.example"];
  assert.ok(hosts.has("c.example"));
  stored = "a.example";
  assert.ok(!hosts.has("a.example"));
});
