/** Writes the few fields of ONNX's protobuf format that a graph of one to four nodes needs (onnx.proto3, opset 17). */

export interface Node {
  op: string;
  inputs: string[];
  outputs: string[];
  /** Whole numbers become INT attributes, except those named in `floats`. */
  attributes?: Record<string, number>;
  floats?: string[];
}

export interface Value {
  name: string;
  type: "float" | "int32" | "int64";
  /** A number is fixed, a name is free. */
  shape: (number | string)[];
}

const ELEMENT = { float: 1, int32: 6, int64: 7 } as const;
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

function nodeProto({ op, inputs, outputs, attributes = {}, floats = [] }: Node): number[] {
  return [
    ...inputs.flatMap((name) => field(1, text(name))),
    ...outputs.flatMap((name) => field(2, text(name))),
    ...field(4, text(op)),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      field(5, [
        ...field(1, text(name)),
        ...(floats.includes(name) ? [...float(2, value), ...number(20, 1)] : [...number(3, value), ...number(20, 2)]),
      ]),
    ),
  ];
}

function valueProto({ name, type, shape }: Value): number[] {
  const dims = shape.flatMap((size) => field(1, typeof size === "number" ? number(1, size) : field(2, text(size))));
  return [...field(1, text(name)), ...field(2, field(1, [...number(1, ELEMENT[type]), ...field(2, dims)]))];
}

const text = (value: string): number[] => [...encoder.encode(value)];

/** An unsigned varint; negative numbers take ten bytes as protobuf's int64 does. */
function varint(value: number): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return bytes;
}

const number = (id: number, value: number): number[] => [...varint(id * 8), ...varint(value)];
const field = (id: number, bytes: number[]): number[] => [...varint(id * 8 + 2), ...varint(bytes.length), ...bytes];
const float = (id: number, value: number): number[] => [
  ...varint(id * 8 + 5),
  ...new Uint8Array(Float32Array.of(value).buffer),
];
