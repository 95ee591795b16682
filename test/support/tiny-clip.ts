import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRandom } from "../../src/engine/random";
import { GraphWriter } from "./onnx-writer";

const SIDE = 32;
const PATCH = 8;
export const CLIP_DIMS = 24;
const POSITIONS = 77;
export const CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073];
export const CLIP_STD = [0.26862954, 0.26130258, 0.27577711];
/** Words that both towers know: the colour of a picture. */
export const CLIP_COLORS: Record<string, [number, number, number]> = {
  red: [1, 0, 0],
  green: [0, 1, 0],
  blue: [0, 0, 1],
  white: [1, 1, 1],
  black: [0, 0, 0],
};
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** The vocabulary of byte-pair encoding as CLIP's: letters, letters that end a word, whole words, then the two special tokens. */
function vocabulary(): { vocab: Record<string, number>; merges: string[] } {
  const tokens = [...Array.from(LETTERS), ...Array.from(LETTERS, (letter) => `${letter}</w>`)];
  const merges: string[] = [];
  for (const word of Object.keys(CLIP_COLORS)) {
    const pieces = Array.from(word, (letter, i) => (i === word.length - 1 ? `${letter}</w>` : letter));
    // From the end of a word, so that no two words share the beginning of a merge.
    for (let done = pieces.at(-1)!, i = pieces.length - 2; i >= 0; i--) {
      const merged = pieces[i]! + done;
      if (!tokens.includes(merged)) {
        merges.push(`${pieces[i]!} ${done}`);
        tokens.push(merged);
      }
      done = merged;
    }
  }
  tokens.push("<|startoftext|>", "<|endoftext|>");
  return { vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges };
}

/** tokenizer.json in the parts that CLIP's has. */
function clipTokenizer(): object {
  const { vocab, merges } = vocabulary();
  const special = ["<|startoftext|>", "<|endoftext|>"];
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: special.map((content) => ({
      id: vocab[content],
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: content === special[0],
      special: true,
    })),
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "NFC" },
        { type: "Replace", pattern: { Regex: "\\s+" }, content: " " },
        { type: "Lowercase" },
      ],
    },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        {
          type: "Split",
          pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
          behavior: "Removed",
          invert: true,
        },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true },
      ],
    },
    post_processor: {
      type: "RobertaProcessing",
      sep: [special[1], vocab[special[1]!]],
      cls: [special[0], vocab[special[0]!]],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: special[1],
      continuing_subword_prefix: "",
      end_of_word_suffix: "</w>",
      fuse_unk: false,
      byte_fallback: false,
      vocab,
      merges,
    },
  };
}

/** (3 × dims) from a normalised colour into the space of both towers: random, from a seed. */
function projection(): Float32Array {
  const random = createRandom(11);
  return Float32Array.from({ length: 3 * CLIP_DIMS }, () => random.normal());
}

const normalised = (color: readonly number[]): number[] => color.map((c, i) => (c - CLIP_MEAN[i]!) / CLIP_STD[i]!);

/** What either tower gives for a colour, before it is scaled to length 1: known without any graph. */
export function colorVector(color: readonly number[]): Float32Array {
  const p = projection();
  const c = normalised(color);
  return Float32Array.from({ length: CLIP_DIMS }, (_, d) =>
    c.reduce((sum, value, i) => sum + value * p[i * CLIP_DIMS + d]!, 0),
  );
}

/** pixel_values (batch, 3, 32, 32) → patches → their mean → image_embeds (batch, dims). */
function visionModel(): Uint8Array {
  const g = new GraphWriter();
  const kernel = new Float32Array(3 * 3 * PATCH * PATCH);
  for (let c = 0; c < 3; c++)
    kernel.fill(1 / (PATCH * PATCH), (c * 3 + c) * PATCH * PATCH, (c * 3 + c + 1) * PATCH * PATCH);
  const patches = g.node("Conv", ["pixel_values", g.weight("float", [3, 3, PATCH, PATCH], kernel)], {
    kernel_shape: [PATCH, PATCH],
    strides: [PATCH, PATCH],
  });
  const pooled = g.node("Flatten", [g.node("GlobalAveragePool", [patches])], { axis: 1 });
  g.node("MatMul", [pooled, g.weight("float", [3, CLIP_DIMS], projection())], {}, "image_embeds");
  return g.model(
    [{ name: "pixel_values", type: "float", shape: ["batch", 3, SIDE, SIDE] }],
    [{ name: "image_embeds", type: "float", shape: ["batch", CLIP_DIMS] }],
  );
}

/**
 * input_ids (batch, sequence) → each token, summed with those before it → the place of the highest id, which is the end of
 * the text → text_embeds (batch, dims), as CLIP pools.
 */
function textModel(): Uint8Array {
  const { vocab } = vocabulary();
  const random = createRandom(12);
  const count = Object.keys(vocab).length;
  const table = Float32Array.from({ length: count * 3 }, () => 0.02 * random.normal());
  for (const [word, color] of Object.entries(CLIP_COLORS)) table.set(normalised(color), vocab[`${word}</w>`]! * 3);
  const g = new GraphWriter();
  const int64 = (...values: number[]): string =>
    g.weight("int64", [values.length], BigInt64Array.from(values.map(BigInt)));
  const tokens = g.node("Gather", [g.weight("float", [count, 3], table), "input_ids"]);
  const positions = Float32Array.from({ length: POSITIONS * 3 }, () => 0.001 * random.normal());
  const length = g.node("Slice", [g.node("Shape", ["input_ids"]), int64(1), int64(2)]);
  const places = g.node("Slice", [g.weight("float", [POSITIONS, 3], positions), int64(0), length, int64(0)]);
  const summed = g.node("CumSum", [g.node("Add", [tokens, places]), g.weight("int64", [], BigInt64Array.of(1n))]);
  const ends = g.node("ArgMax", ["input_ids"], { axis: 1, keepdims: 1 });
  const pooled = g.node("GatherND", [summed, ends], { batch_dims: 1 });
  g.node("MatMul", [pooled, g.weight("float", [3, CLIP_DIMS], projection())], {}, "text_embeds");
  return g.model(
    [{ name: "input_ids", type: "int64", shape: ["batch", "sequence"] }],
    [{ name: "text_embeds", type: "float", shape: ["batch", CLIP_DIMS] }],
  );
}

/** A folder laid out as CLIP's on the hub, with two tiny towers that share a random projection of colours. */
export async function tinyClip(folder: string, { text = true } = {}): Promise<void> {
  await mkdir(join(folder, "onnx"), { recursive: true });
  const json = (name: string, value: object): Promise<void> => writeFile(join(folder, name), JSON.stringify(value));
  await writeFile(join(folder, "onnx/vision_model.onnx"), visionModel());
  if (text) {
    await writeFile(join(folder, "onnx/text_model.onnx"), textModel());
    await json("tokenizer.json", clipTokenizer());
    await json("tokenizer_config.json", {
      tokenizer_class: "CLIPTokenizer",
      pad_token: "<|endoftext|>",
      model_max_length: POSITIONS,
    });
  }
  await json("config.json", { model_type: "clip", text_config: { max_position_embeddings: POSITIONS } });
  await json("preprocessor_config.json", {
    do_resize: true,
    size: { shortest_edge: SIDE },
    do_center_crop: true,
    crop_size: { height: SIDE, width: SIDE },
    do_rescale: true,
    do_normalize: true,
    resample: 3,
    image_mean: CLIP_MEAN,
    image_std: CLIP_STD,
  });
}
