import type { Readable } from "node:stream";
import { SaxesParser } from "./xml-library";

/** Attributes by their names, without prefixes. */
export type Attributes = Record<string, string>;

export interface XmlHandler {
  open?(name: string, attributes: Attributes): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Bytes of XML without a single element or text: no workbook has that. */
const LONGEST_TOKEN = 16 << 20;

/**
 * Reads XML piece by piece; after each piece it waits for whoever takes what was found. Entities of a document's own are not resolved.
 * @throws Error for what is no well-formed XML
 */
export async function* readXml(stream: Readable, handler: XmlHandler): AsyncGenerator<void, void> {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let silent = 0;
  parser.on("opentag", ({ name, attributes }) => {
    silent = 0;
    handler.open?.(bare(name), attributes);
  });
  parser.on("closetag", ({ name }) => handler.close?.(bare(name)));
  const text = (found: string): void => {
    silent = 0;
    handler.text?.(found);
  };
  parser.on("text", text);
  parser.on("cdata", text);
  parser.on("error", (error) => {
    throw error;
  });
  for await (const piece of stream) {
    const bytes = piece as Buffer;
    silent += bytes.length;
    if (silent > LONGEST_TOKEN) throw new Error("one of its cells is longer than any program writes");
    parser.write(decoder.decode(bytes, { stream: true }));
    yield;
  }
  parser.write(decoder.decode());
  parser.close();
  yield;
}

/** Reads all of it. */
export async function wholeXml(stream: Readable, handler: XmlHandler): Promise<void> {
  for await (const _ of readXml(stream, handler));
}

/** A name without its prefix. */
export const bare = (name: string): string => name.slice(name.indexOf(":") + 1);

/** An attribute whose name may have a prefix. */
export const attribute = (attributes: Attributes, name: string): string | undefined =>
  attributes[name] ?? Object.entries(attributes).find(([key]) => bare(key) === name)?.[1];
