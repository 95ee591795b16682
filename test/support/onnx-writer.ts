import { concat, writeField, writeVarint } from "../../src/engine/embed/protobuf";

/** Writes ONNX models for tests: onnx.proto3 field numbers, opset 17. */
const TYPES = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const;
export type ElementType = keyof typeof TYPES;
type Attribute = number | number[] | { float: number };

export interface Value {
  name: string;
  type: ElementType;
  /** A number is fixed, a name is free. */
  shape: (number | string)[];
}

/** A graph under construction. Every method that adds a node answers the name of its output. */
export class GraphWriter {
  private readonly nodes: Uint8Array[] = [];
  private readonly weights: Uint8Array[] = [];
  private count = 0;

  node(op: string, inputs: string[], attributes: Record<string, Attribute> = {}, output?: string): string {
    return this.outputs(op, inputs, [output ?? `t${this.count++}`], attributes)[0]!;
  }

  outputs(op: string, inputs: string[], outputs: string[], attributes: Record<string, Attribute> = {}): string[] {
    this.nodes.push(
      concat([
        ...inputs.map((name) => writeField(1, name)),
        ...outputs.map((name) => writeField(2, name)),
        writeField(4, op),
        ...Object.entries(attributes).map(([name, value]) => writeField(5, [attribute(name, value)])),
      ]),
    );
    return outputs;
  }

  fresh(): string {
    return `t${this.count++}`;
  }

  /** A weight or constant: TensorProto dims = 1, data_type = 2, name = 8, raw_data = 9. */
  weight(
    type: ElementType,
    shape: number[],
    data: Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array,
  ): string {
    const name = `w${this.weights.length}`;
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const dims = shape.map((size) => writeVarint(1, size));
    this.weights.push(concat([...dims, writeVarint(2, TYPES[type]), writeField(8, name), writeField(9, raw)]));
    return name;
  }

  model(inputs: Value[], outputs: Value[]): Uint8Array {
    const graph = [
      ...this.nodes.map((node) => writeField(1, node)),
      writeField(2, "g"),
      ...this.weights.map((weight) => writeField(5, weight)),
      ...inputs.map((value) => writeField(11, [valueInfo(value)])),
      ...outputs.map((value) => writeField(12, [valueInfo(value)])),
    ];
    return concat([writeVarint(1, 8), writeField(7, graph), writeField(8, [writeVarint(2, 17)])]);
  }
}

/** AttributeProto: name = 1, f = 2, i = 3, ints = 8, type = 20 (FLOAT 1, INT 2, INTS 7). */
function attribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === "number") return concat([writeField(1, name), writeVarint(3, value), writeVarint(20, 2)]);
  if (Array.isArray(value)) {
    return concat([writeField(1, name), ...value.map((one) => writeVarint(8, one)), writeVarint(20, 7)]);
  }
  const float = new Uint8Array(Float32Array.of(value.float).buffer);
  return concat([writeField(1, name), Uint8Array.of(2 * 8 + 5), float, writeVarint(20, 1)]);
}

function valueInfo({ name, type, shape }: Value): Uint8Array {
  const dims = shape.map((size) =>
    writeField(1, [typeof size === "number" ? writeVarint(1, size) : writeField(2, size)]),
  );
  const tensor = concat([writeVarint(1, TYPES[type]), writeField(2, dims)]);
  return concat([writeField(1, name), writeField(2, [writeField(1, tensor)])]);
}
