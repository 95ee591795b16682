import { significant } from "./numbers";

/** A field of the file: a plain value, numbers on one line, or a list with a line for each entry. */
export type Field = { plain: unknown } | { numbers: ArrayLike<number> } | { list: Iterable<unknown> };

/** Fields as the text of a JSON object, in pieces: each on a line of its own, and so is each entry of a list. */
export function* fieldsText(fields: Iterable<[name: string, field: Field]>): Generator<string> {
  let open = "{\n";
  for (const [name, field] of fields) {
    yield `${open}  ${JSON.stringify(name)}: `;
    yield* textOf(field);
    open = ",\n";
  }
  yield "\n}\n";
}

/** A field as a plain value. */
export function valueOf(field: Field): unknown {
  if ("plain" in field) return field.plain;
  return "numbers" in field ? Array.from(field.numbers, significant) : [...field.list];
}

function* textOf(field: Field): Generator<string> {
  if ("plain" in field) yield JSON.stringify(field.plain);
  else if ("numbers" in field) {
    yield "[";
    for (let i = 0; i < field.numbers.length; i++) yield `${i > 0 ? "," : ""}${significant(field.numbers[i]!)}`;
    yield "]";
  } else {
    let any = false;
    for (const entry of field.list) {
      yield `${any ? ",\n" : "[\n"}    ${JSON.stringify(entry)}`;
      any = true;
    }
    yield any ? "\n  ]" : "[]";
  }
}

export function* listOf<T>(count: number, entry: (index: number) => T): Generator<T> {
  for (let i = 0; i < count; i++) yield entry(i);
}

/** A copy in which every number has 7 significant digits. */
export function withSignificant<T>(value: T): T {
  if (typeof value === "number") return significant(value) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withSignificant<unknown>(field)])) as T;
}
