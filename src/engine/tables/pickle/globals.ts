import { PickleArray, PickleDType, PickleGlobal, PickleRefused } from "./values";

/** What stands in for the few functions of NumPy that plain frames name. Called by name alone: no code of the pickle runs. */
export function callGlobal(callee: unknown, args: unknown): unknown {
  if (!(callee instanceof PickleGlobal) || !Array.isArray(args)) throw new PickleRefused("it is broken");
  switch (callee.name.replace(/^numpy\._core\./, "numpy.core.")) {
    case "numpy.core.multiarray._reconstruct":
      return new PickleArray();
    case "numpy.dtype":
      return new PickleDType(asText(args[0]));
    case "numpy.core.multiarray.scalar":
      return scalar(args[0], args[1]);
    case "numpy.core.numeric._frombuffer":
      return fromBuffer(args);
    case "_codecs.encode":
      return latin1(asText(args[0]));
    default:
      throw new PickleRefused(`it names “${callee.name}”, which is not plain data`);
  }
}

/** What BUILD does for arrays and their types. */
export function setState(target: unknown, state: unknown): void {
  if (!Array.isArray(state)) throw new PickleRefused("it is broken");
  if (target instanceof PickleDType) {
    target.order = asText(state[1]) === ">" ? ">" : "<";
  } else if (target instanceof PickleArray) {
    const [, shape, dtype, fortran, data] = state as unknown[];
    if (!Array.isArray(shape) || !(dtype instanceof PickleDType)) throw new PickleRefused("it is broken");
    target.shape = shape.map(Number);
    target.dtype = dtype;
    target.fortran = fortran === true || fortran === 1;
    target.data = Array.isArray(data) ? data : asBytes(data);
  } else throw new PickleRefused("it sets the state of an object that is not plain data");
}

function fromBuffer([buffer, dtype, shape, order]: readonly unknown[]): PickleArray {
  if (!(dtype instanceof PickleDType) || !Array.isArray(shape)) throw new PickleRefused("it is broken");
  const array = new PickleArray();
  array.data = asBytes(buffer);
  array.dtype = dtype;
  array.shape = shape.map(Number);
  array.fortran = order === "F";
  return array;
}

function scalar(dtype: unknown, bytes: unknown): unknown {
  if (!(dtype instanceof PickleDType)) throw new PickleRefused("it is broken");
  const array = new PickleArray();
  array.dtype = dtype;
  array.shape = [1];
  array.data = asBytes(bytes);
  return array;
}

const asText = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return new TextDecoder("latin1").decode(value);
  throw new PickleRefused("it is broken");
};

const asBytes = (value: unknown): Uint8Array => {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return latin1(value);
  throw new PickleRefused("it is broken");
};

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
