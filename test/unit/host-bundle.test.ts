import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";

interface Metafile {
  inputs: Record<string, unknown>;
  outputs: Record<
    string,
    {
      entryPoint?: string;
      inputs: Record<string, { bytesInOutput: number }>;
      imports: { path: string; external?: boolean }[];
    }
  >;
}

const file = path.resolve(__dirname, "../../dist/meta/extension.json");

describe("the bundles of the extension host", { skip: existsSync(file) ? false : "run npm run build first" }, () => {
  const { outputs } = JSON.parse(existsSync(file) ? readFileSync(file, "utf8") : '{"outputs":{}}') as Metafile;
  const bundleOf = (entry: string) => Object.values(outputs).find(({ entryPoint }) => entryPoint === entry);
  const first = bundleOf("src/extension/main.ts");
  const bundle = bundleOf("src/extension/host.ts");

  it("load no more than the names of commands when the extension is activated", () => {
    assert.deepEqual(Object.keys(first?.inputs ?? {}).sort(), ["src/extension/main.ts", "src/protocol/constants.ts"]);
    const required = first?.imports.map((one) => one.path) ?? [];
    assert.deepEqual([...new Set(required)].sort(), ["./host.js", "vscode"]);
  });

  it("require no native package and no SDK", () => {
    const required = bundle?.imports.map((one) => one.path) ?? ["no bundle"];
    for (const name of ["onnxruntime-node", "onnxruntime-common", "sharp", "cohere-ai"]) {
      assert.ok(!required.includes(name), name);
    }
    const inputs = Object.keys(bundle?.inputs ?? {});
    assert.deepEqual(
      inputs.filter((input) => input.includes("node_modules/cohere-ai/")),
      [],
    );
  });

  it("hold no code of the engine but its client", () => {
    const engine = Object.entries(bundle?.inputs ?? {})
      .filter(([input, { bytesInOutput }]) => input.startsWith("src/engine/") && bytesInOutput > 0)
      .map(([input]) => input);
    const parts = ["client.ts", "environment.ts", "fork.ts"].map((file) => `src/engine/${file}`);
    assert.deepEqual(
      engine.filter((input) => !parts.includes(input)),
      [],
    );
    assert.ok(engine.includes("src/engine/fork.ts"));
  });

  it("hold no Vega and no part of the page", () => {
    const inputs = Object.keys(bundle?.inputs ?? {});
    assert.deepEqual(
      inputs.filter((input) => /node_modules\/(vega|d3-)|src\/webview\//.test(input)),
      [],
    );
  });
});
