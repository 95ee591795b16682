import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import catalog from "../../models/catalog.json";
import lensTiny from "../../models/lens-tiny/card.json";
import { forkEngine } from "../../src/engine/client";
import { whyNotLoaded } from "../../src/engine/embed/onnx-runtime";
import type { Item } from "../../src/engine/types";
import type { LocalModel } from "../../src/protocol/engine";
import type { ModelCard } from "../../src/protocol/models";
import { parseRecipe } from "../../src/protocol/recipe";
import { pictureItems, textCard, textItems } from "../support/cards";
import { realData } from "../support/data";
import type { Forced, ForcedAnswer } from "../support/embed-forced";
import { randomMiniLm } from "../support/text-folder";

const root = resolve(__dirname, "../..");
const run = promisify(execFile);
const WASM = { EMBEDDING_LENS_ONNX: "wasm" };

async function embedded(forced: Forced, env: Record<string, string> = {}): Promise<ForcedAnswer> {
  const args = ["--import", "tsx", "test/support/embed-forced.ts", JSON.stringify(forced)];
  const { stdout } = await run(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, maxBuffer: 1e8 });
  return JSON.parse(stdout) as ForcedAnswer;
}

/** The least cosine between the vectors of an item. */
function leastCosine(a: ForcedAnswer, b: ForcedAnswer): number {
  assert.deepEqual([a.dims, a.data.length, a.failed], [b.dims, b.data.length, 0]);
  let least = 1;
  for (let at = 0; at < a.data.length; at += a.dims) {
    const [x, y] = [a.data.slice(at, at + a.dims), b.data.slice(at, at + a.dims)];
    const dot = (p: number[], q: number[]): number => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
    least = Math.min(least, dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)));
  }
  return least;
}

function farthest(a: ForcedAnswer, b: ForcedAnswer): number {
  assert.deepEqual([a.dims, a.data.length, a.failed], [b.dims, b.data.length, 0]);
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), 0);
}

const samples = (...names: string[]): Item[] =>
  pictureItems(...names.map((name) => join(root, "media/samples/pictures", `${name}.webp`)));
const PICTURES = samples("boats/boat-1", "flowers/flower-2", "houses/house-3", "mountains/mountain-4");
const TEXTS = textItems("The sun is shining today", "a", "Pizza is my favorite food, and it was so yesterday as well.");

describe("onnxruntime as WebAssembly, where its native library is missing", { timeout: 240_000 }, () => {
  let folder = "";
  before(async () => void (folder = await mkdtemp(join(tmpdir(), "lens-wasm-"))));
  after(() => rm(folder, { recursive: true }));

  const both = async (model: LocalModel, items: Item[]): Promise<[ForcedAnswer, ForcedAnswer]> => {
    const native = await embedded({ model, items });
    const wasm = await embedded({ model, items }, WASM);
    assert.equal(native.notice, null);
    assert.match(wasm.notice ?? "", /^ONNX models run as WebAssembly here, which is slower: /);
    return [native, wasm];
  };

  it("gives a float text model's vectors to 1e-4", async () => {
    const card = textCard({ maxTokens: 48, normalize: true });
    const [native, wasm] = await both({ card, folder: join(root, "test/fixtures/tiny-bert") }, TEXTS);
    assert.ok(farthest(native, wasm) < 1e-4, `${farthest(native, wasm)}`);
  });

  it("gives a float image model's vectors to 1e-4, from the same pixels", async (t) => {
    const { path, skip } = realData("models/squeezenet1.0");
    if (skip) return t.skip(skip);
    const card = textCard({ kind: "image", files: [{ name: "model.onnx", bytes: 1 }] });
    const [native, wasm] = await both({ card, folder: path }, PICTURES);
    assert.ok(farthest(native, wasm) < 1e-4, `${farthest(native, wasm)}`);
  });

  it("gives the vectors of lens-tiny and of an int8 image model to a cosine of 0.999", async (t) => {
    const tiny = { card: lensTiny as ModelCard, folder: join(root, "models/lens-tiny") };
    assert.ok(leastCosine(...(await both(tiny, PICTURES))) > 0.999);
    const { path, skip } = realData("models/mobilenetv2-12-int8");
    if (skip) return t.skip(skip);
    const card = catalog.downloads.find(({ id }) => id === "mobilenetv2") as unknown as ModelCard;
    const least = leastCosine(...(await both({ card, folder: path }, PICTURES)));
    assert.ok(least > 0.999, `${least}`);
  });

  it("gives the vectors of an int8 transformer to a cosine of 0.999", async (t) => {
    const { path, skip } = realData("models/all-MiniLM-L6-v2-tokenizer-only");
    if (skip) return t.skip(skip);
    await randomMiniLm(folder, path, { quantized: true });
    const card = textCard({ pooling: "mean", normalize: true, maxTokens: 256 });
    const least = leastCosine(...(await both({ card, folder }, TEXTS)));
    assert.ok(least > 0.999, `${least}`);
  });

  it("carries the numerics of the pipeline as well", async () => {
    const args = ["--import", "tsx", "--test", "test/engine/linear/products.test.ts"];
    // Within a test, a test runner of its own prints nothing.
    const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
    const env = { ...inherited, ...WASM };
    const { stdout } = await run(process.execPath, args, { cwd: root, env });
    assert.match(stdout, /fail 0/);
  });

  it("is said once by an engine, however many of its threads and runs it serves", async () => {
    const notices: string[] = [];
    const card = textCard({ maxTokens: 48 });
    const before = process.env["EMBEDDING_LENS_ONNX"];
    process.env["EMBEDDING_LENS_ONNX"] = "wasm";
    const engine = forkEngine({
      entry: join(root, "dist/engine.js"),
      host: {
        modelFile: () => Promise.resolve({ card, folder: join(root, "test/fixtures/tiny-bert") }),
        notice: (text) => notices.push(text),
      },
    });
    try {
      for (const words of ["pizza", "food"]) {
        const texts = Array.from({ length: 300 }, (_, i) => `${words} ${i}`).join("\n");
        const source = { kind: "lines" as const, paths: ["lines.txt"] };
        const recipe = parseRecipe({ version: 1, source, model: "test-model", reduce: { method: "none" } });
        const { rows } = await engine.vectors({ base: root, documents: { "lines.txt": texts }, recipe });
        assert.equal(rows, 300);
      }
      assert.equal(notices.length, 1);
      assert.match(notices[0]!, /^ONNX models run as WebAssembly here, which is slower: /);
    } finally {
      if (before === undefined) delete process.env["EMBEDDING_LENS_ONNX"];
      else process.env["EMBEDDING_LENS_ONNX"] = before;
      await engine.dispose();
    }
  });

  it("explains what is missing, with the remedy", () => {
    const windows = new Error("\\\\?\\C:\\onnxruntime_binding.node: The specified module could not be found. (126)");
    assert.match(whyNotLoaded(windows, "win32", "x64"), /Visual C\+\+ runtime.*vc_redist\.x64\.exe/);
    assert.match(
      whyNotLoaded(new Error("Cannot find module '../bin/napi-v6/darwin/x64/…'"), "darwin", "x64"),
      /no native onnxruntime for darwin-x64/,
    );
    assert.match(whyNotLoaded(new Error("libm.so.6: version `GLIBC_2.38' not found")), /newer glibc/);
  });
});

describe("sharp as WebAssembly, as the VSIX for Linux brings it", { timeout: 120_000 }, () => {
  const wasm = join(root, "targets/linux-x64/wasm/node_modules/@img/sharp-wasm32");
  const skip = existsSync(wasm) ? false : "no sharp-wasm32: run npm run package first";

  it("decodes pictures to a cosine of 0.999 of the native one's vectors", { skip }, async () => {
    const model = { card: lensTiny as ModelCard, folder: join(root, "models/lens-tiny") };
    const native = await embedded({ model, items: PICTURES });
    const forced = await embedded({ model, items: PICTURES, sharpWasm: join(wasm, "index.cjs") });
    assert.deepEqual([native.sharp, forced.sharp], ["native", "wasm"]);
    assert.ok(leastCosine(native, forced) > 0.999, `${leastCosine(native, forced)}`);
  });
});
