import type { InferenceSession, Tensor } from "onnxruntime-common";
import { onnxModel, type Node, type Value } from "./onnx";

type Runtime = Pick<typeof import("onnxruntime-node"), "InferenceSession" | "Tensor">;

/** Multiply-adds above which onnxruntime pays for its start (about 40 ms); below, plain loops run and nothing is loaded. */
export const RUNTIME_PAYS = 2e8;

let runtime: Promise<Runtime | null> | undefined;

/** onnxruntime, or null where it cannot be loaded: the callers then fall back to plain loops, slower but right. */
function load(): Promise<Runtime | null> {
  runtime ??= import("onnxruntime-node").catch(() => null);
  return runtime;
}

/** A tiny graph that is ready to run. Arrays in shared memory are copied on the way in; results own their buffers. */
export interface Kernel {
  run(inputs: Record<string, { data: Float32Array; dims: number[] }>): Promise<Record<string, Tensor>>;
}

const kernels = new Map<string, Promise<Kernel | null>>();

/**
 * The kernel `name`, built on first use in this thread: one thread, no spinning (two threads in one session burn up to
 * twice the processor time). Null when `work` (multiply-adds) is too small to pay, or onnxruntime cannot be loaded.
 */
export function kernel(name: string, work: number, graph: () => Graph): Promise<Kernel | null> {
  if (work < RUNTIME_PAYS) return Promise.resolve(null);
  let made = kernels.get(name);
  if (!made) {
    made = build(graph());
    kernels.set(name, made);
  }
  return made;
}

export interface Graph {
  nodes: Node[];
  inputs: Value[];
  outputs: Value[];
}

async function build({ nodes, inputs, outputs }: Graph): Promise<Kernel | null> {
  const ort = await load();
  if (!ort) return null;
  const options: InferenceSession.SessionOptions = {
    executionProviders: ["cpu"],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "disabled",
    enableCpuMemArena: false,
    enableMemPattern: false,
    logSeverityLevel: 3,
  };
  const session = await ort.InferenceSession.create(onnxModel(nodes, inputs, outputs), options);
  return {
    run: (feeds) =>
      session.run(
        Object.fromEntries(
          Object.entries(feeds).map(([name, { data, dims }]) => [
            name,
            new ort.Tensor("float32", unshared(data), dims),
          ]),
        ),
      ),
  };
}

/** The data itself, or a copy when it lives in shared memory, which onnxruntime cannot read: callers of many products copy once. */
export function unshared(data: Float32Array): Float32Array {
  return data.buffer instanceof SharedArrayBuffer ? Float32Array.from(data) : data;
}
