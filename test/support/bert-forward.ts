import type { BertLayer, BertWeights, Linear, Norm } from "./bert";

/**
 * The encoder of Devlin et al. 2018 for one text without padding, in plain loops and float64: what the graph must give.
 * @returns one vector (hidden) per token
 */
export function bertForward(weights: BertWeights, ids: readonly number[]): Float64Array[] {
  const { hidden } = weights.shape;
  const row = (table: Float32Array, at: number): Float32Array => table.subarray(at * hidden, (at + 1) * hidden);
  let x = ids.map((id, at) => {
    const [word, place] = [row(weights.words, id), row(weights.positions, at)];
    return normalized(
      weights.norm,
      Float64Array.from(word, (value, d) => value + place[d]! + weights.types[d]!),
    );
  });
  for (const layer of weights.layers) x = block(layer, x, weights.shape.heads);
  return x;
}

function block(layer: BertLayer, x: Float64Array[], heads: number): Float64Array[] {
  const size = x[0]!.length / heads;
  const [q, k, v] = [layer.query, layer.key, layer.value].map((part) => x.map((token) => times(part, token)));
  const mixed = x.map((_, i) => {
    const out = new Float64Array(size * heads);
    for (let head = 0; head < heads; head++) {
      const from = head * size;
      const scores = k!.map((key) => {
        let dot = 0;
        for (let d = from; d < from + size; d++) dot += q![i]![d]! * key[d]!;
        return Math.exp(dot / Math.sqrt(size));
      });
      const total = scores.reduce((sum, score) => sum + score, 0);
      for (let d = from; d < from + size; d++)
        out[d] = v!.reduce((sum, value, j) => sum + (scores[j]! / total) * value[d]!, 0);
    }
    return out;
  });
  const attended = mixed.map((token, i) => normalized(layer.attentionNorm, plus(times(layer.output, token), x[i]!)));
  return attended.map((token) => {
    const up = times(layer.up, token).map((value) => 0.5 * value * (1 + erf(value / Math.SQRT2)));
    return normalized(layer.norm, plus(times(layer.down, up), token));
  });
}

const plus = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value + b[i]!);

function times({ weight, bias }: Linear, x: Float64Array): Float64Array {
  const cols = bias.length;
  const out = Float64Array.from(bias);
  x.forEach((value, r) => {
    for (let c = 0; c < cols; c++) out[c]! += value * weight[r * cols + c]!;
  });
  return out;
}

function normalized({ scale, bias }: Norm, x: Float64Array): Float64Array {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return x.map((value, i) => ((value - mean) / Math.sqrt(variance + 1e-12)) * scale[i]! + bias[i]!);
}

/** The error function by its Taylor series: exact to 1e-13 for |x| < 4, which is all that is asked here. */
function erf(x: number): number {
  if (Math.abs(x) > 4) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
