// Embeds what the first argument says and prints the vectors: a process of its own, so that its libraries can be forced.
import Module from "node:module";
import { openEmbedder } from "../../src/engine/embed/open";
import { onnxNotice } from "../../src/engine/embed/onnx-runtime";
import type { Item } from "../../src/engine/types";
import type { LocalModel } from "../../src/protocol/engine";

export interface Forced {
  model: LocalModel;
  items: Item[];
  /** The folder of @img/sharp-wasm32: sharp's native library is hidden then. */
  sharpWasm?: string;
}

export interface ForcedAnswer {
  dims: number;
  data: number[];
  failed: number;
  notice: string | null;
  /** Which build of sharp is loaded. */
  sharp: string;
}

type Resolve = (request: string, ...rest: unknown[]) => string;

let sharp = "native";

function hideNativeSharp(wasm: string): void {
  const own = Module as unknown as { _resolveFilename: Resolve };
  const resolve = own._resolveFilename.bind(Module);
  own._resolveFilename = (request, ...rest) => {
    const name = /^@img\/(sharp-[^/]+)\/sharp\.node$/.exec(request)?.[1];
    if (name === "sharp-wasm32") {
      sharp = "wasm";
      return resolve(wasm, ...rest);
    }
    if (name !== undefined)
      throw Object.assign(new Error(`Cannot find module '${request}'`), { code: "MODULE_NOT_FOUND" });
    return resolve(request, ...rest);
  };
}

async function main(): Promise<void> {
  const { model, items, sharpWasm } = JSON.parse(process.argv[2]!) as Forced;
  if (sharpWasm !== undefined) hideNativeSharp(sharpWasm);
  const embedder = await openEmbedder(model);
  const { data, failed } = await embedder.embed(items);
  const answer: ForcedAnswer = {
    ...{ dims: embedder.dims, data: [...data], failed: failed.length, notice: onnxNotice() },
    sharp,
  };
  process.stdout.write(JSON.stringify(answer));
  await embedder.dispose();
}

void main();
