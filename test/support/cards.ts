import type { ModelCard } from "../../src/protocol/models";
import type { Item } from "../../src/engine/types";

/** A card for tests; what matters to a test stands in it. */
export const textCard = (fields: Partial<ModelCard> = {}): ModelCard => ({
  id: "test-model",
  name: "Test model",
  about: "For tests.",
  kind: "text",
  runtime: "onnx",
  dims: 0,
  files: [
    { name: "onnx/model.onnx", bytes: 1 },
    { name: "tokenizer.json", bytes: 1 },
  ],
  licence: "MIT",
  source: "here",
  trainedOn: "nothing",
  normalize: false,
  ...fields,
});

export const textItems = (...texts: string[]): Item[] =>
  texts.map((text, i) => ({ label: null, path: "texts.txt", line: i + 1, text }));

/** A card of an image model about which nothing is known. */
export const pictureCard = (fields: Partial<ModelCard> = {}): ModelCard =>
  textCard({ kind: "image", files: [{ name: "model.onnx", bytes: 1 }], ...fields });

export const pictureItems = (...files: string[]): Item[] =>
  files.map((file) => ({ label: null, path: file.split(/[\\/]/).at(-1)!, file }));
