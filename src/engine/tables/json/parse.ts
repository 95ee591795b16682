/**
 * A JSON value. NaN and infinities, which Python writes, are read as null (NaN) and infinities.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    const plain = text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (word) => {
      switch (word) {
        case "NaN":
          return "null";
        case "Infinity":
          return "1e999";
        case "-Infinity":
          return "-1e999";
        default:
          return word;
      }
    });
    return JSON.parse(plain);
  }
}

export type JsonRecord = Record<string, unknown>;

export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isNumbers = (value: unknown): value is (number | null)[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => typeof one === "number" || one === null) &&
  value.some((one) => one !== null);
