import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import type { EngineHost } from "../../../src/engine/client";
import { RemoteModels } from "../../../src/online/remote/remote-models";
import { sendingSentence } from "../../../src/online/remote/sending";
import type { Sending } from "../../../src/protocol/engine";
import { fakeRun, type FakeOptions } from "./fake-io";

const SENTENCES = path.resolve("media/samples/sentences.txt");
const sending: Sending = {
  model: "cohere:embed-v4.0",
  name: "Cohere embed-v4.0",
  host: "api.cohere.com",
  texts: 1_200,
  tokens: 30_000,
  cached: 8,
  kept: true,
};
const sends = async (
  args: string[],
  options: FakeOptions = {},
): Promise<{ sent: boolean; stderr: string; status: number }> => {
  let sent = false;
  const onRun = async ({ remote }: EngineHost): Promise<void> => {
    sent = await remote!.confirmSending(sending, { signal: new AbortController().signal });
  };
  const { stderr, status } = await fakeRun(["embed", SENTENCES, "--model", "cohere:embed-v4.0", ...args], {
    ...options,
    onRun,
  });
  return { sent, stderr, status };
};

describe("the question before texts are sent", () => {
  it("names the model, the texts, the tokens, the server, and what is here already", async () => {
    const { sent, stderr } = await sends([], { answer: "y" });
    assert.ok(sent);
    assert.ok(
      stderr.includes(
        "Cohere embed-v4.0 sends 1,200 texts (about 30,000 tokens, an estimate) to api.cohere.com; " +
          "8 vectors are here already and are not asked for again. Send? [y/N] ",
      ),
      stderr,
    );
  });

  it("is no by default, and then nothing is sent", async () => {
    for (const answer of ["", "n", "yo"]) {
      const { sent, status, stderr } = await sends([], { answer });
      assert.deepEqual([sent, status], [false, 1]);
      assert.match(stderr, /Nothing was sent\./);
    }
  });

  it("is answered by --yes, and needs it where there is no terminal", async () => {
    assert.ok((await sends(["--yes"])).sent);
    const { sent, stderr } = await sends([]);
    assert.ok(!sent);
    assert.match(stderr, /nothing was sent\. Add --yes to agree/);
  });

  it("counts pictures as pictures", () => {
    assert.equal(
      sendingSentence({ ...sending, texts: 1, pictures: true, tokens: 0, cached: 0 }),
      "Cohere embed-v4.0 sends 1 picture to api.cohere.com",
    );
  });

  it("is not asked in offline mode, which refuses with the setting's name", async () => {
    const remote = { servers: () => Promise.reject(new Error("asked")), offline: () => true };
    const { sent, status, stderr } = await sends(["--yes"], { remote });
    assert.deepEqual([sent, status], [false, 1]);
    assert.match(stderr, /offline mode \(setting embeddingLens\.offline.*: cohere:embed-v4\.0 runs on a server\./);
    const request = { model: "openai:x", server: "http://127.0.0.1:1/v1", texts: ["a"] };
    await assert.rejects(new RemoteModels(remote).embed(request, new AbortController().signal), /offline mode/);
  });
});
