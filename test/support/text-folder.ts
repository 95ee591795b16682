import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bertModel, bertWeights, type BertExport } from "./bert";

/** MiniLM-L6's shape, but for its vocabulary, whose size costs nothing at run time. */
export const MINILM_SHAPE = { vocab: 30_522, hidden: 384, heads: 12, layers: 6, ffn: 1536, positions: 512 };

/**
 * A model folder with a random transformer of MiniLM's size and a real tokenizer: it computes what MiniLM computes, at its
 * speed, and means nothing.
 * @param tokenizer a folder with tokenizer.json and tokenizer_config.json
 */
export async function randomMiniLm(folder: string, tokenizer: string, options: BertExport = {}): Promise<void> {
  await mkdir(join(folder, "onnx"), { recursive: true });
  for (const name of ["tokenizer.json", "tokenizer_config.json"]) await cp(join(tokenizer, name), join(folder, name));
  await writeFile(join(folder, "onnx/model.onnx"), bertModel(bertWeights(MINILM_SHAPE, 1), options));
}
