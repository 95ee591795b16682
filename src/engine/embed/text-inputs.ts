import type { InferenceSession, Tensor as OnnxTensor } from "onnxruntime-common";
import { LensError } from "../../protocol/errors";
import type { GraphValue } from "./onnx-graph";

const INT32 = 6;
const INT64 = 7;

/** What fills each place of an input; a graph is given only those it asks for. */
type Fill = (row: readonly number[], at: number) => number;
const FILLS: Record<string, { token: Fill; padding: (at: number, padId: number) => number }> = {
  input_ids: { token: (row, at) => row[at]!, padding: (_, padId) => padId },
  attention_mask: { token: () => 1, padding: () => 0 },
  token_type_ids: { token: () => 0, padding: () => 0 },
  position_ids: { token: (_, at) => at, padding: (at) => at },
};

/** Makes the inputs of a text graph, (texts × longest) each, from token ids. */
export type TextInputs = (
  rows: readonly (readonly number[])[],
  longest: number,
  padId: number,
) => InferenceSession.OnnxValueMapType;

/** What an inference library makes tensors with. */
export type TensorMaker = typeof OnnxTensor;

/**
 * @param inputs the graph's inputs: input_ids, and any of attention_mask, token_type_ids and position_ids; int64 or int32
 * @throws LensError "model" when the graph wants something else
 */
export function textInputs(inputs: readonly GraphValue[], id: string, Tensor: TensorMaker): TextInputs {
  if (!inputs.some(({ name }) => name === "input_ids")) {
    throw new LensError("model", `The model ${id} does not read texts: it has no input “input_ids”.`);
  }
  for (const { name, type } of inputs) {
    if (!Object.hasOwn(FILLS, name)) {
      throw new LensError("model", `The model ${id} wants the input “${name}”, which Embedding Lens cannot give it.`);
    }
    if (type !== INT32 && type !== INT64) {
      throw new LensError("model", `The input “${name}” of the model ${id} is neither int64 nor int32.`);
    }
  }
  return (rows, longest, padId) => {
    const shape = [rows.length, longest];
    const feeds: Record<string, OnnxTensor> = {};
    for (const { name, type } of inputs) {
      const { token, padding } = FILLS[name]!;
      // An int64 that is never negative is two int32, the low one first, on every processor that onnxruntime runs on.
      const wide = type === INT64;
      const step = wide ? 2 : 1;
      const values = new Int32Array(rows.length * longest * step);
      rows.forEach((row, r) => {
        for (let at = 0; at < longest; at++) {
          values[(r * longest + at) * step] = at < row.length ? token(row, at) : padding(at, padId);
        }
      });
      feeds[name] = wide
        ? new Tensor("int64", new BigInt64Array(values.buffer), shape)
        : new Tensor("int32", values, shape);
    }
    return feeds;
  };
}
