import assert from "node:assert/strict";
import { test } from "node:test";
import { RemoteCalls } from "../../src/engine/remote/remote-calls";
import type { RunContext } from "../../src/engine/run/context";
import type { RemoteVectors, Sending } from "../../src/protocol/engine";

const sendingTo = (model: string): Sending => ({
  ...{ model, name: model, host: "localhost:1", texts: 1, tokens: 1, cached: 0, kept: true },
});

const contextOf = (abort = new AbortController()): RunContext & { stages: string[] } => {
  const stages: string[] = [];
  return { runId: 1, signal: abort.signal, onProgress: ({ stage }) => void stages.push(stage), stages };
};

test("a run waits for what its own model still owes, not for another model whose server is silent", async () => {
  let answer = (): void => undefined;
  const vectors = { failed: [] } as unknown as RemoteVectors;
  const calls = new RemoteCalls({
    confirm: () => Promise.resolve(true),
    embed: () => new Promise((resolve) => (answer = () => resolve(vectors))),
  });
  const abort = new AbortController();
  let arrived = 0;
  const call = {
    request: () => Promise.resolve({ model: "silent", server: "s", texts: ["a"] }),
    arrived: () => {
      arrived++;
      return Promise.resolve();
    },
  };
  const run = calls.make([call], sendingTo("silent"), contextOf(abort));
  await new Promise(setImmediate);
  abort.abort();
  await assert.rejects(run, { reason: "cancelled" });

  const other = contextOf();
  await calls.settled("other", other);
  assert.deepEqual(other.stages, [], "nothing is waited for, nothing is said");

  const same = contextOf();
  const settled = calls.settled("silent", same).then(() => arrived);
  assert.deepEqual(same.stages, ["answers"]);
  answer();
  assert.equal(await settled, 1, "the answer has arrived first");
});
