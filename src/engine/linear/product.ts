import { kernel, type Graph } from "./runtime";
import { dotAt } from "./vectors";

/** Products of row-major float32 matrices; each gives a fresh array, or the one that is brought. */
export interface Products {
  /**
   * A·Bᵀ of A (m × d) and B (n × d): (m × n).
   * @param into what the product is written into, from its start
   */
  byRows(a: Float32Array, m: number, b: Float32Array, n: number, d: number, into?: Float32Array): Promise<Float32Array>;
  /** Aᵀ·B of A (m × d) and B (m × n): (d × n). */
  byColumns(a: Float32Array, d: number, b: Float32Array, n: number, m: number): Promise<Float32Array>;
}

const graph = (transpose: "transA" | "transB"): Graph => ({
  nodes: [{ op: "Gemm", inputs: ["a", "b"], outputs: ["y"], attributes: { [transpose]: 1 } }],
  inputs: [
    { name: "a", shape: ["a0", "a1"] },
    { name: "b", shape: ["b0", "b1"] },
  ],
  outputs: [{ name: "y", shape: ["y0", "y1"] }],
});

/** Products on onnxruntime when all the `work` (multiply-adds) that is to come pays for it, else in plain loops. */
export async function createProducts(work: number): Promise<Products> {
  const rows = await kernel("A·Bᵀ", work, () => graph("transB"));
  if (!rows) return PLAIN;
  return {
    byRows: async (a, m, b, n, d, into) => {
      const inputs = { a: { data: a, dims: [m, d] }, b: { data: b, dims: [n, d] } };
      const room = into?.subarray(0, m * n);
      const { y } = await rows.run(inputs, room && { y: { data: room, dims: [m, n] } });
      return room ?? (y!.data as Float32Array);
    },
    byColumns: async (a, d, b, n, m) => {
      const columns = await kernel("Aᵀ·B", work, () => graph("transA"));
      if (!columns) return PLAIN.byColumns(a, d, b, n, m);
      const { y } = await columns.run({ a: { data: a, dims: [m, d] }, b: { data: b, dims: [m, n] } });
      return y!.data as Float32Array;
    },
  };
}

/** The same in loops: for small work, and where onnxruntime cannot be loaded. */
export const PLAIN: Products = {
  byRows: (a, m, b, n, d, into) => {
    const y = into?.subarray(0, m * n) ?? new Float32Array(m * n);
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) y[i * n + j] = dotAt(a, i * d, b, j * d, d);
    return Promise.resolve(y);
  },
  byColumns: (a, d, b, n, m) => {
    const sums = new Float64Array(d * n);
    for (let i = 0; i < m; i++) {
      for (let c = 0; c < d; c++) {
        const scale = a[i * d + c]!;
        if (scale === 0) continue;
        for (let j = 0, at = c * n, from = i * n; j < n; j++) sums[at++]! += scale * b[from++]!;
      }
    }
    return Promise.resolve(Float32Array.from(sums));
  },
};
