import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { Tensor } from "onnxruntime-common";
import { loadOnnxRuntime, onnxNotice, openSession } from "../embed/onnx-runtime";
import { onnxModel, type Node, type Value } from "./onnx";

/** Multiply-adds above which onnxruntime pays for its start (about 40 ms); below, plain loops run and nothing is loaded. */
export const RUNTIME_PAYS = 2e8;

/** A tiny graph that is ready to run. Results own their buffers, or are written into those that are brought. */
export interface Kernel {
  run(inputs: Arrays, outputs?: Arrays): Promise<Record<string, Tensor>>;
}

type Arrays = Record<string, { data: Float32Array; dims: number[] }>;

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
  const tensors = (arrays: Arrays, own: (data: Float32Array) => Float32Array): Record<string, Tensor> =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, { data, dims }]) => [name, new Tensor("float32", own(data), dims)]),
    );
  const names = outputs.map(({ name }) => name);
  const isNative = onnxNotice() === null;
  return {
    run: async (feeds, into) => {
      const fed = tensors(feeds, unshared);
      if (into && isNative) {
        const own = tensors(into, (data) => data);
        const copies = await session.run(fed, own);
        for (const [name, { data }] of Object.entries(into)) free(copies[name]!.data as Float32Array, data);
        return own;
      }
      const made = await session.run(fed, names);
      // onnxruntime's WebAssembly takes memory that is brought, but writes nothing into it.
      for (const [name, { data }] of Object.entries(into ?? {})) data.set(made[name]!.data as Float32Array);
      return made;
    },
  };
}

/** A port that nobody is at the other end of. */
let nobody: MessagePort | undefined;

function closedPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}

/**
 * Gives the memory of a copy back now: a message that nobody receives takes it along. Until the next garbage collection the
 * copies of hundreds of blocks would each take fresh memory, which costs more than the copies themselves.
 */
function free(copy: Float32Array, own: Float32Array): void {
  if (copy.buffer === own.buffer) return;
  nobody ??= closedPort();
  nobody.postMessage(null, [copy.buffer as ArrayBuffer]);
}

/** The data itself, or a copy when it lives in shared memory, which onnxruntime cannot read: callers of many products copy once. */
export function unshared(data: Float32Array): Float32Array {
  return data.buffer instanceof SharedArrayBuffer ? Float32Array.from(data) : data;
}
