import type { Tensor } from "onnxruntime-common";
import { loadOnnxRuntime, openSession } from "../embed/onnx-runtime";
import { onnxModel, type Node, type Value } from "./onnx";

/** Multiply-adds above which onnxruntime pays for its start (about 40 ms); below, plain loops run and nothing is loaded. */
export const RUNTIME_PAYS = 2e8;

/** A tiny graph that is ready to run. Results own their buffers. */
export interface Kernel {
  run(inputs: Record<string, { data: Float32Array; dims: number[] }>): Promise<Record<string, Tensor>>;
}

export interface Graph {
  nodes: Node[];
  inputs: Value[];
  outputs: Value[];
}

const kernels = new Map<string, Promise<Kernel | null>>();

/**
 * The kernel `name`, built on first use in this thread. Null when `work` (multiply-adds) is too small to pay, or where
 * onnxruntime cannot be loaded: the callers then use plain loops, slower but right.
 */
export function kernel(name: string, work: number, graph: () => Graph): Promise<Kernel | null> {
  if (work < RUNTIME_PAYS) return Promise.resolve(null);
  let made = kernels.get(name);
  if (!made) {
    made = build(graph()).catch(() => null);
    kernels.set(name, made);
  }
  return made;
}

async function build({ nodes, inputs, outputs }: Graph): Promise<Kernel> {
  const { Tensor } = await loadOnnxRuntime();
  const session = await openSession(onnxModel(nodes, inputs, outputs));
  return {
    run: (feeds) =>
      session.run(
        Object.fromEntries(
          Object.entries(feeds).map(([name, { data, dims }]) => [name, new Tensor("float32", unshared(data), dims)]),
        ),
      ),
  };
}

/** The data itself, or a copy when it lives in shared memory, which onnxruntime cannot read: callers of many products copy once. */
export function unshared(data: Float32Array): Float32Array {
  return data.buffer instanceof SharedArrayBuffer ? Float32Array.from(data) : data;
}
