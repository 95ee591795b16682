import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { InferenceSession } from "onnxruntime-common";
import { LensError } from "../../protocol/errors";
import { gated, insideNative } from "../native-gate";

/** The part of onnxruntime that is used here; its native and its WebAssembly build have it alike. */
type OnnxRuntime = Pick<typeof import("onnxruntime-common"), "InferenceSession" | "Tensor">;

interface Loaded {
  runtime: OnnxRuntime;
  /** Why it is not the native one; null when it is. */
  wasmBecause: string | null;
}

let loading: Promise<Loaded> | undefined;
let notice: string | null = null;

/**
 * onnxruntime, loaded when first needed: its native build brings 45 MB of code. Where that has no binary or does not load,
 * the WebAssembly build runs the same models, slower; EMBEDDING_LENS_ONNX=wasm asks for it.
 * @throws LensError "model" when neither can be loaded here, with the remedy
 */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  return (await load()).runtime;
}

/** What a person is told once when models run as WebAssembly in this thread; null when they don't. */
export const onnxNotice = (): string | null => notice;

function load(): Promise<Loaded> {
  loading ??= loadAnew().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function loadAnew(): Promise<Loaded> {
  if (process.env["EMBEDDING_LENS_ONNX"] === "wasm") return loadWasm("EMBEDDING_LENS_ONNX asks for it");
  try {
    return { runtime: await import("onnxruntime-node"), wasmBecause: null };
  } catch (error) {
    const why = whyNotLoaded(error);
    return loadWasm(why).catch(() => {
      throw new LensError("model", `ONNX models cannot run here: ${why}.`, { cause: error });
    });
  }
}

/** One thread, as natively: the engine runs a session in each of its own. */
async function loadWasm(why: string): Promise<Loaded> {
  const { InferenceSession, Tensor, env } = await import("onnxruntime-web");
  env.wasm.numThreads = 1;
  env.logLevel = "error";
  notice = `ONNX models run as WebAssembly here, which is slower: ${why}.`;
  return { runtime: { InferenceSession, Tensor } as unknown as OnnxRuntime, wasmBecause: why };
}

/** Why the native library did not load, and what to do about it: half a sentence. */
export function whyNotLoaded(error: unknown, platform: string = process.platform, arch: string = process.arch): string {
  const message = error instanceof Error ? error.message : String(error);
  // ERROR_MOD_NOT_FOUND: the library is there, one that it needs is not.
  if (platform === "win32" && /126|specified module could not be found/i.test(message)) {
    return (
      "onnxruntime needs the Microsoft Visual C++ runtime, which is missing on this computer; " +
      `install it from https://aka.ms/vs/17/release/vc_redist.${arch === "arm64" ? "arm64" : "x64"}.exe and restart VS Code`
    );
  }
  if (/cannot find module/i.test(message)) {
    return `there is no native onnxruntime for ${platform}-${arch}`;
  }
  if (/GLIBC|ld-linux|musl/i.test(message)) {
    return `the native onnxruntime needs a newer glibc than this system has (${firstLine(message)})`;
  }
  return `the native onnxruntime could not be loaded (${firstLine(message)})`;
}

export const firstLine = (message: string): string => (message.split("\n", 1)[0] ?? "").trim();

/**
 * One thread without spinning: the engine runs a session in each of its threads, and two threads in one session burn up
 * to twice the processor time.
 * x64quantprecision: on processors without VNNI the fast 8-bit products overflow and spoil an int8 model (MobileNetV2 on
 * images7: 93 % instead of 98 %); with it the products are exact and the same on every processor.
 */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ["cpu"],
  executionMode: "sequential",
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: "all",
  logSeverityLevel: 3,
  extra: {
    session: { intra_op: { allow_spinning: "0" }, inter_op: { allow_spinning: "0" }, x64quantprecision: "1" },
  },
};

/** @param model a file, or the bytes of one */
export async function openSession(model: string | Uint8Array): Promise<InferenceSession> {
  const { runtime, wasmBecause } = await load();
  const { InferenceSession } = runtime;
  // WebAssembly may be ended at any moment, so it needs no gate.
  if (wasmBecause !== null) return wasmSession(InferenceSession, model);
  const create = (): Promise<InferenceSession> =>
    typeof model === "string"
      ? InferenceSession.create(model, SESSION_OPTIONS)
      : InferenceSession.create(model, SESSION_OPTIONS);
  return gated(await insideNative(create));
}

/** The WebAssembly build reads no files: it is given the graph and the file of weights beside it. */
async function wasmSession(
  maker: OnnxRuntime["InferenceSession"],
  model: string | Uint8Array,
): Promise<InferenceSession> {
  const options = { ...SESSION_OPTIONS, executionProviders: ["wasm"], extra: {} };
  if (typeof model !== "string") return maker.create(model, options);
  const beside = [`${model}_data`, `${model}.data`].filter((file) => existsSync(file));
  const externalData = await Promise.all(
    beside.map(async (file) => ({ path: basename(file), data: await readFile(file) })),
  );
  return maker.create(await readFile(model), { ...options, ...(externalData.length > 0 ? { externalData } : {}) });
}
