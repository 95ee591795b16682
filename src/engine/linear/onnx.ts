/** Writes the few fields of ONNX's protobuf format that a graph of float matrices needs (onnx.proto3, opset 17). */

export interface Node {
  op: string;
  inputs: string[];
  outputs: string[];
  /** Whole numbers, not negative. */
  attributes?: Record<string, number>;
}

/** Numbers in float32. */
export interface Value {
  name: string;
  /** The names of its sizes, which are free. */
  shape: string[];
}

/** The type of an element, and of an attribute. */
const FLOAT = 1;
const INT = 2;
const encoder = new TextEncoder();

/** The bytes of a model: what `InferenceSession.create` reads. */
export function onnxModel(nodes: Node[], inputs: Value[], outputs: Value[]): Uint8Array {
  const graph = [
    ...nodes.map((node) => field(1, nodeProto(node))),
    field(2, text("g")),
    ...inputs.map((value) => field(11, valueProto(value))),
    ...outputs.map((value) => field(12, valueProto(value))),
  ].flat();
  return Uint8Array.from([...number(1, 8), ...field(7, graph), ...field(8, number(2, 17))]);
}

function nodeProto({ op, inputs, outputs, attributes = {} }: Node): number[] {
  return [
    ...inputs.flatMap((name) => field(1, text(name))),
    ...outputs.flatMap((name) => field(2, text(name))),
    ...field(4, text(op)),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      field(5, [...field(1, text(name)), ...number(3, value), ...number(20, INT)]),
    ),
  ];
}

function valueProto({ name, shape }: Value): number[] {
  const dims = shape.flatMap((size) => field(1, field(2, text(size))));
  return [...field(1, text(name)), ...field(2, field(1, [...number(1, FLOAT), ...field(2, dims)]))];
}

const text = (value: string): number[] => [...encoder.encode(value)];

/** A number below 2^31, seven bits a byte, the lowest first. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>= 7) bytes.push((rest & 127) | 128);
  return [...bytes, rest];
}

const number = (id: number, value: number): number[] => [...varint(id * 8), ...varint(value)];
const field = (id: number, bytes: number[]): number[] => [...varint(id * 8 + 2), ...varint(bytes.length), ...bytes];
