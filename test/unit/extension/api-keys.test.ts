import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ApiKeys, type Secrets } from "../../../src/extension/remote/api-keys";

class MemorySecrets implements Secrets {
  readonly kept = new Map<string, string>();
  get(name: string): Promise<string | undefined> {
    return Promise.resolve(this.kept.get(name));
  }
  store(name: string, value: string): Promise<void> {
    this.kept.set(name, value);
    return Promise.resolve();
  }
  delete(name: string): Promise<void> {
    this.kept.delete(name);
    return Promise.resolve();
  }
}

describe("keys of servers", () => {
  it("go to the server they were set for, and to no other that the settings name later", async () => {
    let address: string | undefined;
    const keys = new ApiKeys(new MemorySecrets(), () => address, {});
    await keys.set("openai", " sk-1 ");
    assert.deepEqual(await keys.server("openai"), { address: "https://api.openai.com/v1", key: "sk-1" });
    address = "https://elsewhere.example/v1/";
    assert.deepEqual(await keys.server("openai"), { address: "https://elsewhere.example/v1" });
    assert.deepEqual(await keys.server("cohere"), { address: "https://elsewhere.example" });
    address = undefined;
    await keys.remove("openai");
    assert.equal(await keys.has("openai"), false);
  });

  it("wait for a server that is set, else for one of the environment, else for the provider's own", async () => {
    const env = { CO_API_URL: "http://localhost:8080/v1" };
    const keys = new ApiKeys(new MemorySecrets(), () => undefined, env);
    assert.equal((await keys.server("cohere")).address, "http://localhost:8080");
    assert.equal(keys.host("openai"), "api.openai.com");
  });

  it("are refused inside an address, without repeating it", async () => {
    const keys = new ApiKeys(new MemorySecrets(), () => "https://me:secret@host.example/v1", {});
    await assert.rejects(keys.server("openai"), (error: Error) => {
      assert.match(error.message, /must not hold a name, a password or a query/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  });
});
