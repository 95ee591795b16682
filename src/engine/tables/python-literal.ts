/** A value of a Python literal: tuples and lists are arrays, dictionaries records. */
export type PythonValue = string | number | boolean | null | PythonValue[] | { [key: string]: PythonValue };

const TOKEN = /\s*(?:([()[\]{},:])|[ubUB]?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(-?[\w.+]+))/y;

/**
 * The value of a Python literal made of dictionaries, tuples, lists, texts, numbers, True, False and None, as in the header
 * of an npy file. Nothing is evaluated.
 * @throws SyntaxError for anything else
 */
export function parsePythonLiteral(text: string): PythonValue {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) tokens.push(match[1] ?? match[2] ?? match[3]!);
  let at = 0;

  const value = (depth: number): PythonValue => {
    const token = tokens[at++];
    if (token === undefined || depth > 32) throw new SyntaxError("not a Python literal");
    if (token === "(" || token === "[") return list(token === "(" ? ")" : "]", depth);
    if (token === "{") return dictionary(depth);
    if (token.startsWith("'") || token.startsWith('"')) return token.slice(1, -1).replace(/\\(.)/g, "$1");
    if (token === "True" || token === "False") return token === "True";
    if (token === "None") return null;
    const number = Number(token.replace(/L$/, ""));
    if (Number.isNaN(number)) throw new SyntaxError(`not a Python literal: ${token}`);
    return number;
  };
  const list = (close: string, depth: number): PythonValue[] => {
    const values: PythonValue[] = [];
    while (tokens[at] !== close) {
      values.push(value(depth + 1));
      if (tokens[at] === ",") at++;
      else if (tokens[at] !== close) throw new SyntaxError("not a Python list");
    }
    at++;
    return values;
  };
  const dictionary = (depth: number): Record<string, PythonValue> => {
    const entries = new Map<string, PythonValue>();
    while (tokens[at] !== "}") {
      const key = value(depth + 1);
      if (typeof key !== "string" || tokens[at++] !== ":") throw new SyntaxError("not a Python dictionary");
      entries.set(key, value(depth + 1));
      if (tokens[at] === ",") at++;
      else if (tokens[at] !== "}") throw new SyntaxError("not a Python dictionary");
    }
    at++;
    return Object.fromEntries(entries);
  };
  return value(0);
}
