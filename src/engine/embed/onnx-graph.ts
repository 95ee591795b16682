import { concat, readFields, readPacked, writeField, writeVarint, type Field } from "./protobuf";

/** A value that goes into or comes out of a graph. */
export interface GraphValue {
  name: string;
  /** TensorProto.DataType: 1 is float32; 0 when not declared. */
  type: number;
  /** One entry per dimension: its size, or null when it is free. Null: the rank is not declared. */
  shape: (number | null)[] | null;
}

export interface GraphNode {
  op: string;
  inputs: string[];
  outputs: string[];
  /** Integer-list attributes by name, such as the axes of a reduction. */
  ints: Map<string, number[]>;
}

/** What of an ONNX model is needed to find its picture input and its embedding; weights are not read. */
export interface OnnxGraph {
  inputs: GraphValue[];
  outputs: GraphValue[];
  nodes: GraphNode[];
  /** Names of the weights. */
  initializers: Set<string>;
  /** Shapes of inner values, where the file declares them. */
  inner: Map<string, GraphValue>;
}

export const FLOAT32 = 1;

const text = (bytes: Uint8Array | null): string => new TextDecoder().decode(bytes ?? new Uint8Array());

/**
 * Reads the graph of an ONNX model file. Field numbers: onnx/onnx.proto, ModelProto.graph = 7.
 * @throws RangeError when the bytes are not an ONNX model
 */
export function readGraph(model: Uint8Array): OnnxGraph {
  const graph: OnnxGraph = { inputs: [], outputs: [], nodes: [], initializers: new Set(), inner: new Map() };
  let found = false;
  for (const { number, bytes } of readFields(model)) {
    if (number !== 7 || bytes === null) continue;
    found = true;
    for (const field of readFields(bytes)) readGraphField(graph, field);
  }
  if (!found || graph.nodes.length === 0) throw new RangeError("The file has no ONNX graph.");
  // Files of an old IR version list the weights among the inputs.
  graph.inputs = graph.inputs.filter(({ name }) => !graph.initializers.has(name));
  return graph;
}

function readGraphField(graph: OnnxGraph, { number, bytes }: Field): void {
  if (bytes === null) return;
  switch (number) {
    case 1:
      graph.nodes.push(readNode(bytes));
      break;
    case 5:
      for (const field of readFields(bytes)) if (field.number === 8) graph.initializers.add(text(field.bytes));
      break;
    case 11:
      graph.inputs.push(readValue(bytes));
      break;
    case 12:
      graph.outputs.push(readValue(bytes));
      break;
    case 13: {
      const value = readValue(bytes);
      graph.inner.set(value.name, value);
      break;
    }
  }
}

/** NodeProto: input = 1, output = 2, op_type = 4, attribute = 5 (AttributeProto: name = 1, ints = 8). */
function readNode(message: Uint8Array): GraphNode {
  const node: GraphNode = { op: "", inputs: [], outputs: [], ints: new Map() };
  for (const { number, bytes } of readFields(message)) {
    if (number === 1) node.inputs.push(text(bytes));
    else if (number === 2) node.outputs.push(text(bytes));
    else if (number === 4) node.op = text(bytes);
    else if (number === 5 && bytes !== null) {
      let name = "";
      const ints: number[] = [];
      for (const field of readFields(bytes)) {
        if (field.number === 1) name = text(field.bytes);
        else if (field.number === 8) ints.push(...readPacked(field));
      }
      if (ints.length > 0) node.ints.set(name, ints);
    }
  }
  return node;
}

/** ValueInfoProto: name = 1, type = 2; TypeProto.tensor_type = 1; Tensor: elem_type = 1, shape = 2; dim = 1: dim_value = 1. */
function readValue(message: Uint8Array): GraphValue {
  const value: GraphValue = { name: "", type: 0, shape: null };
  for (const { number, bytes } of readFields(message)) {
    if (number === 1) value.name = text(bytes);
    else if (number === 2) {
      for (const field of fieldsAt(bytes, 1)) {
        if (field.number === 1) value.type = field.value;
        else if (field.number === 2) value.shape = readShape(field.bytes);
      }
    }
  }
  return value;
}

function readShape(message: Uint8Array | null): (number | null)[] {
  const shape: (number | null)[] = [];
  for (const { number, bytes } of readFields(message ?? new Uint8Array())) {
    if (number !== 1 || bytes === null) continue;
    const size = [...readFields(bytes)].find((field) => field.number === 1)?.value ?? 0;
    shape.push(size > 0 ? size : null);
  }
  return shape;
}

/** The fields of the message that stands in field `number` of `message`. */
function* fieldsAt(message: Uint8Array | null, number: number): Generator<Field> {
  for (const field of readFields(message ?? new Uint8Array())) {
    if (field.number === number && field.bytes !== null) yield* readFields(field.bytes);
  }
}

/** A node to add. */
export interface NewNode {
  op: string;
  inputs: string[];
  output: string;
}

/**
 * The model with more nodes and one more float32 output. Nothing is rewritten: a second ModelProto that holds only the
 * additions is appended, and a reader of protobuf merges the two ("concatenating two messages merges them":
 * https://protobuf.dev/programming-guides/encoding/#last-one-wins).
 */
export function appendOutput(model: Uint8Array, nodes: readonly NewNode[], output: string): Uint8Array {
  const tensorType = writeField(2, [writeField(1, [writeVarint(1, FLOAT32)])]);
  const graph = [
    ...nodes.map((node, i) =>
      writeField(1, [
        ...node.inputs.map((name) => writeField(1, name)),
        writeField(2, node.output),
        writeField(3, `${output}_${i}`),
        writeField(4, node.op),
      ]),
    ),
    writeField(12, [writeField(1, output), tensorType]),
  ];
  return concat([model, writeField(7, graph)]);
}
