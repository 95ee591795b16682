import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { environmentServers } from "../../../src/online/remote/environment";

describe("servers and keys of the command line", () => {
  let folder = "";
  before(async () => void (folder = await mkdtemp(join(tmpdir(), "lens-env-"))));
  after(() => rm(folder, { recursive: true }));

  const written = async (text: string): Promise<void> => writeFile(join(folder, ".env"), text);

  it("come from the environment by each of their names", async () => {
    await written("");
    const key = async (env: Record<string, string>): Promise<unknown> =>
      (await environmentServers(env, folder)("cohere")).key;
    assert.equal(await key({ CO_API_KEY: "second" }), "second");
    assert.equal(await key({ COHERE_API_KEY: "first", CO_API_KEY: "second" }), "first");
    assert.equal(await key({ COHERE_API_KEY: " ", CO_API_KEY: "second" }), "second", "a blank one is none");
    assert.equal(await key({ OPENAI_API_KEY: "of another provider" }), undefined);
    const env = { OPENAI_API_KEY: "key", OPENAI_BASE_URL: "http://localhost:8080/v1" };
    assert.deepEqual(await environmentServers(env, folder)("openai"), {
      address: "http://localhost:8080/v1",
      key: "key",
    });
  });

  it("come from .env where the environment has none", async () => {
    await written("CO_API_KEY=of-the-file\nCO_API_URL=http://localhost:9090\nOPENAI_API_KEY=too\n");
    assert.deepEqual(await environmentServers({}, folder)("cohere"), {
      address: "http://localhost:9090",
      key: "of-the-file",
    });
    const env = { OPENAI_API_KEY: "of-the-environment" };
    assert.equal((await environmentServers(env, folder)("openai")).key, "of-the-environment");
    assert.equal((await environmentServers({}, folder)("openai")).key, "too");
  });

  it("of the environment are not sent to a server that only .env names", async () => {
    await written("OPENAI_BASE_URL=http://localhost:7070/v1\n");
    assert.deepEqual(await environmentServers({ OPENAI_API_KEY: "secret" }, folder)("openai"), {
      address: "http://localhost:7070/v1",
    });
  });
});
