import type { InferenceSession } from "onnxruntime-node";
import { LensError } from "../../protocol/errors";
import { gated, insideNative } from "../native-gate";

type OnnxRuntime = typeof import("onnxruntime-node");

/**
 * onnxruntime-node, loaded when first needed: it brings 45 MB of native code.
 * @throws LensError "model" when it cannot be loaded here, with the remedy
 */
export async function loadOnnxRuntime(): Promise<OnnxRuntime> {
  try {
    return await import("onnxruntime-node");
  } catch (error) {
    throw new LensError("model", whyNotLoaded(error), { cause: error });
  }
}

/** Says in one sentence why the native library did not load. */
export function whyNotLoaded(error: unknown, platform: string = process.platform, arch: string = process.arch): string {
  const message = error instanceof Error ? error.message : String(error);
  // ERROR_MOD_NOT_FOUND: the library is there, one that it needs is not.
  if (platform === "win32" && /126|specified module could not be found/i.test(message)) {
    return (
      "ONNX models need the Microsoft Visual C++ runtime, which is missing on this computer: " +
      "install it from https://aka.ms/vs/17/release/vc_redist.x64.exe and try again."
    );
  }
  if (/cannot find module/i.test(message)) {
    return `ONNX models cannot run here: this installation has no onnxruntime for ${platform}-${arch}.`;
  }
  if (/GLIBC|ld-linux|musl/i.test(message)) {
    return `ONNX models cannot run here: onnxruntime needs a newer glibc than this system has (${firstLine(message)}).`;
  }
  return `ONNX models cannot run here: onnxruntime could not be loaded (${firstLine(message)}).`;
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
  const { InferenceSession } = await loadOnnxRuntime();
  const create = (): Promise<InferenceSession> =>
    typeof model === "string"
      ? InferenceSession.create(model, SESSION_OPTIONS)
      : InferenceSession.create(model, SESSION_OPTIONS);
  return gated(await insideNative(create));
}
