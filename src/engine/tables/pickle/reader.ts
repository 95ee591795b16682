import { callGlobal, setState } from "./globals";
import { PickleGlobal, PickleRefused } from "./values";

const MARK = Symbol("mark");

/**
 * The value of a Python pickle (protocols 0 to 5), made of plain data and NumPy arrays alone. Nothing is executed: of the pickle
 * machine only the opcodes that write numbers, texts, bytes, lists, tuples, dictionaries and arrays are interpreted; any
 * other opcode or class is refused by name.
 * @throws PickleRefused
 */
export function readPickle(bytes: Uint8Array): unknown {
  return new Machine(bytes).run();
}

class Machine {
  private at = 0;
  private readonly stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): unknown {
    try {
      for (;;) {
        const code = this.u1();
        if (code === 0x2e) return this.stack.pop();
        this.step(code);
      }
    } catch (error) {
      if (error instanceof PickleRefused) throw error;
      throw new PickleRefused("it is broken or cut off");
    }
  }

  private step(code: number): void {
    const { stack } = this;
    switch (String.fromCharCode(code)) {
      case "\x80": // PROTO
        this.at += 1;
        return;
      case "\x95": // FRAME
        this.at += 8;
        return;
      case "(":
        stack.push(MARK);
        return;
      case "0": // POP
        stack.pop();
        return;
      case "N":
        stack.push(null);
        return;
      case "\x88":
      case "\x89":
        stack.push(code === 0x88);
        return;
      case "I": {
        const line = this.line();
        stack.push(line === "01" ? true : line === "00" ? false : Number(line));
        return;
      }
      case "L":
      case "F":
        stack.push(Number(this.line().replace(/L$/, "")));
        return;
      case "J":
        stack.push(this.view.getInt32(this.take(4), true));
        return;
      case "K":
        stack.push(this.u1());
        return;
      case "M":
        stack.push(this.view.getUint16(this.take(2), true));
        return;
      case "G":
        stack.push(this.view.getFloat64(this.take(8), false));
        return;
      case "\x8a": // LONG1
        stack.push(this.long(this.u1()));
        return;
      case "V":
        stack.push(unescaped(this.line()));
        return;
      case "S":
        stack.push(this.line().replace(/^['"]|['"]$/g, ""));
        return;
      case "X":
        stack.push(this.text(this.u4()));
        return;
      case "\x8c":
        stack.push(this.text(this.u1()));
        return;
      case "\x8d":
        stack.push(this.text(this.u8()));
        return;
      case "C":
      case "U":
        stack.push(this.raw(this.u1()));
        return;
      case "B":
      case "T":
        stack.push(this.raw(this.u4()));
        return;
      case "\x8e":
      case "\x96": // BYTEARRAY8
        stack.push(this.raw(this.u8()));
        return;
      case "]":
      case ")":
        stack.push([]);
        return;
      case "}":
        stack.push(new Map());
        return;
      case "l":
      case "t":
        stack.push(this.sinceMark());
        return;
      case "d":
        stack.push(pairs(this.sinceMark()));
        return;
      case "\x85":
        stack.push(stack.splice(-1));
        return;
      case "\x86":
        stack.push(stack.splice(-2));
        return;
      case "\x87":
        stack.push(stack.splice(-3));
        return;
      case "a": {
        const value = stack.pop();
        this.list().push(value);
        return;
      }
      case "e": {
        const values = this.sinceMark();
        const list = this.list();
        for (const value of values) list.push(value);
        return;
      }
      case "s": {
        const [key, value] = stack.splice(-2);
        this.dictionary().set(key, value);
        return;
      }
      case "u": {
        const entries = pairs(this.sinceMark());
        const dictionary = this.dictionary();
        for (const [key, value] of entries) dictionary.set(key, value);
        return;
      }
      case "p":
        this.memo.set(Number(this.line()), stack.at(-1));
        return;
      case "q":
        this.memo.set(this.u1(), stack.at(-1));
        return;
      case "r":
        this.memo.set(this.u4(), stack.at(-1));
        return;
      case "\x94": // MEMOIZE
        this.memo.set(this.memo.size, stack.at(-1));
        return;
      case "g":
        stack.push(this.memo.get(Number(this.line())));
        return;
      case "h":
        stack.push(this.memo.get(this.u1()));
        return;
      case "j":
        stack.push(this.memo.get(this.u4()));
        return;
      case "c":
        stack.push(new PickleGlobal(`${this.line()}.${this.line()}`));
        return;
      case "\x93": {
        const [module, name] = stack.splice(-2);
        stack.push(new PickleGlobal(`${String(module)}.${String(name)}`));
        return;
      }
      case "R": {
        const [callee, args] = stack.splice(-2);
        stack.push(callGlobal(callee, args));
        return;
      }
      case "b": {
        const state = stack.pop();
        setState(stack.at(-1), state);
        return;
      }
      default:
        throw new PickleRefused(`it uses the pickle opcode 0x${code.toString(16)}, which plain data does not need`);
    }
  }

  private sinceMark(): unknown[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw new PickleRefused("it is broken");
    const values = this.stack.splice(mark);
    values.shift();
    return values;
  }

  private list(): unknown[] {
    const list = this.stack.at(-1);
    if (!Array.isArray(list)) throw new PickleRefused("it is broken");
    return list;
  }

  private dictionary(): Map<unknown, unknown> {
    const dictionary = this.stack.at(-1);
    if (!(dictionary instanceof Map)) throw new PickleRefused("it is broken");
    return dictionary;
  }

  private take(bytes: number): number {
    const at = this.at;
    if (bytes > this.bytes.length - at) throw new PickleRefused("it is cut off");
    this.at += bytes;
    return at;
  }

  private u1(): number {
    return this.view.getUint8(this.take(1));
  }

  private u4(): number {
    return this.view.getUint32(this.take(4), true);
  }

  private u8(): number {
    return Number(this.view.getBigUint64(this.take(8), true));
  }

  private long(bytes: number): number {
    const at = this.take(bytes);
    let value = 0n;
    for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.bytes[at + i]!);
    return Number(BigInt.asIntN(bytes * 8, value));
  }

  private raw(length: number): Uint8Array {
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }

  private text(length: number): string {
    return new TextDecoder().decode(this.raw(length));
  }

  private line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw new PickleRefused("it is cut off");
    const line = new TextDecoder("latin1").decode(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    return line;
  }
}

const unescaped = (text: string): string =>
  text.replace(/\\u([\da-f]{4})|\\U([\da-f]{8})/gi, (_, short?: string, long?: string) =>
    String.fromCodePoint(Number.parseInt(short ?? long ?? "0", 16)),
  );

function pairs(values: readonly unknown[]): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  for (let i = 0; i + 1 < values.length; i += 2) map.set(values[i], values[i + 1]);
  return map;
}
