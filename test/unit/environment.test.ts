import assert from "node:assert/strict";
import { test } from "node:test";
import { engineEnvironment } from "../../src/engine/environment";

test("the engine's process asks for huge pages and reads no certificates; the rest of the environment stays", () => {
  const given = { PATH: "/bin", NODE_EXTRA_CA_CERTS: "/etc/ca.pem" };
  assert.deepEqual(engineEnvironment(given), {
    PATH: "/bin",
    GLIBC_TUNABLES: "glibc.malloc.hugetlb=1",
    ELECTRON_RUN_AS_NODE: "1",
  });
  assert.equal(given.NODE_EXTRA_CA_CERTS, "/etc/ca.pem", "the host's own stays");
});

test("what the user set for glibc stays", () => {
  const tunables = "glibc.malloc.arena_max=2";
  assert.equal(engineEnvironment({ GLIBC_TUNABLES: tunables })["GLIBC_TUNABLES"], tunables);
});
