import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parseCard } from "../../../src/online/card";
import { diskFolder } from "../../../src/online/hub-files";
import { hubCard as cardOfFolder } from "../../../src/online/hub-folder";
import { LensError } from "../../../src/protocol/errors";
import { textSideOf, type ImageInput, type ModelCard } from "../../../src/protocol/models";
import { realData } from "../../support/data";

const FIXTURE = join(__dirname, "../../fixtures/tiny-bert");
type Files = Record<string, object | string>;
const hubCard = (path: string): Promise<ModelCard | null> => cardOfFolder(diskFolder(path));

describe("a folder laid out as on the hub", () => {
  let root = "";
  let made = 0;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "lens-hub-"));
  });
  after(() => rm(root, { recursive: true }));

  const folderWith = async (files: Files, path = `model${made++}`): Promise<string> => {
    const folder = join(root, path);
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
    }
    return folder;
  };
  const cardOf = async (files: Files, path?: string): Promise<ModelCard> => {
    const card = await hubCard(await folderWith(files, path));
    assert.ok(card);
    return parseCard(card, "the card made");
  };
  it("says how the tokens of a vision transformer become one vector", async () => {
    const poolingOf = async (config: object): Promise<ModelCard["pooling"]> =>
      (await cardOf({ "onnx/model.onnx": "x", "preprocessor_config.json": {}, "config.json": config })).pooling;
    assert.equal(await poolingOf({ model_type: "dinov2" }), "cls");
    assert.equal(await poolingOf({ model_type: "beit", use_mean_pooling: true }), "mean");
    assert.equal(await poolingOf({ model_type: "swin" }), "mean");
    assert.equal(await poolingOf({ model_type: "resnet" }), undefined);
  });

  const text: Files = { "tokenizer.json": "{}", "onnx/model.onnx": "x" };
  const transformers = (...types: string[]): object =>
    types.map((type, idx) => ({
      idx,
      name: `${idx}`,
      path: idx === 0 ? "" : `${idx}_${type}`,
      type: `a.models.${type}`,
    }));

  it("of sentence-transformers gives its pooling, normalisation and length", async () => {
    const card = await hubCard(FIXTURE);
    assert.deepEqual(
      [card?.id, card?.kind, card?.runtime, card?.dims, card?.pooling, card?.normalize, card?.maxTokens],
      ["tiny-bert", "text", "onnx", 32, "mean", true, 48],
    );
    assert.deepEqual(
      card?.files.map(({ name }) => name),
      ["onnx/model.onnx", "tokenizer.json", "tokenizer_config.json"],
    );
  });

  it("gives each of the poolings, in the old form and the new", async () => {
    for (const [config, pooling] of [
      [{ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }, "cls"],
      [{ pooling_mode_max_tokens: true }, "max"],
      [{ pooling_mode_lasttoken: true }, "last"],
      [{ pooling_mode: "mean" }, "mean"],
      [{ pooling_mode: "lasttoken" }, "last"],
    ] as const) {
      const modules = transformers("Transformer", "Pooling");
      const card = await cardOf({ ...text, "modules.json": modules, "1_Pooling/config.json": config });
      assert.equal(card.pooling, pooling);
      assert.equal(card.normalize, false);
    }
  });

  it("that pools in a way that is not built is refused by name", async () => {
    const folder = await folderWith({
      ...text,
      "modules.json": transformers("Transformer", "Pooling"),
      "1_Pooling/config.json": { pooling_mode_weightedmean_tokens: true },
    });
    await assert.rejects(
      hubCard(folder),
      (error) => error instanceof LensError && /pools by weightedmean tokens/.test(error.message),
    );
  });

  it("that pools without its prompt is refused when it has one, because its vectors would be others", async () => {
    const files = {
      ...text,
      "modules.json": transformers("Transformer", "Pooling"),
      "1_Pooling/config.json": { pooling_mode_mean_tokens: true, include_prompt: false },
    };
    assert.equal((await cardOf(files)).pooling, "mean");
    for (const prompts of [{ query: "query: " }, { retrieval: "Find: " }]) {
      const config = { prompts, ...("retrieval" in prompts && { default_prompt_name: "retrieval" }) };
      const folder = await folderWith({ ...files, "config_sentence_transformers.json": config });
      await assert.rejects(
        hubCard(folder),
        (error) => error instanceof LensError && /leaves its prompt out of the pooling/.test(error.message),
      );
    }
  });

  it("with a dense layer asks for the output in which it is done", async () => {
    const card = await cardOf({
      ...text,
      "modules.json": transformers("Transformer", "Pooling", "Dense"),
      "1_Pooling/config.json": { word_embedding_dimension: 768, pooling_mode_mean_tokens: true },
    });
    assert.deepEqual([card.output, card.dims], ["sentence_embedding", 0]);
  });

  it("gives the prompt that is its default", async () => {
    const prompts = { query: "query: ", passage: "passage: " };
    const prompted = await cardOf({
      ...text,
      "config_sentence_transformers.json": { prompts, default_prompt_name: "query" },
    });
    assert.equal(prompted.prefix, "query: ");
    assert.equal((await cardOf({ ...text, "config_sentence_transformers.json": { prompts } })).prefix, undefined);
  });

  it("gives the least of the lengths that its files name", async () => {
    const limit = async (files: Files): Promise<number | undefined> => (await cardOf({ ...text, ...files })).maxTokens;
    assert.equal(await limit({}), undefined);
    assert.equal(await limit({ "tokenizer_config.json": { model_max_length: 1e30 } }), undefined);
    assert.equal(await limit({ "tokenizer_config.json": { model_max_length: 512 } }), 512);
    assert.equal(await limit({ "config.json": { model_type: "xlm-roberta", max_position_embeddings: 514 } }), 512);
    assert.equal(
      await limit({
        "config.json": { max_position_embeddings: 512 },
        "sentence_bert_config.json": { max_seq_length: 256 },
      }),
      256,
    );
  });

  it("takes the quantised graph first, and the file of weights beside a graph", async () => {
    const card = await cardOf({
      ...text,
      "onnx/model_fp16.onnx": "x",
      "onnx/model_quantized.onnx": "x",
      "onnx/model_quantized.onnx_data": "x",
    });
    assert.deepEqual(
      card.files.map(({ name }) => name),
      ["onnx/model_quantized.onnx", "onnx/model_quantized.onnx_data", "tokenizer.json"],
    );
    assert.equal((await cardOf({ "model.onnx": "x", "tokenizer.json": "{}" })).files[0]?.name, "model.onnx");
  });

  it("in the hub's own cache has the model's name", async () => {
    const card = await cardOf(text, "models--Xenova--All-MiniLM-L6-v2/snapshots/0123abcd");
    assert.deepEqual([card.name, card.id], ["All-MiniLM-L6-v2", "all-minilm-l6-v2"]);
  });

  it("of model2vec or StaticEmbedding is a static embedder", async () => {
    const own = await cardOf({
      "model.safetensors": "x",
      "tokenizer.json": "{}",
      "config.json": { model_type: "model2vec", normalize: true },
    });
    assert.deepEqual([own.runtime, own.normalize], ["static", true]);
    const nested = await cardOf({
      "0_StaticEmbedding/model.safetensors": "x",
      "0_StaticEmbedding/tokenizer.json": "{}",
      "modules.json": [
        { path: "0_StaticEmbedding", type: "sentence_transformers.models.StaticEmbedding" },
        { path: "1_Normalize", type: "sentence_transformers.models.Normalize" },
      ],
    });
    assert.deepEqual([nested.runtime, nested.normalize], ["static", true]);
    assert.equal(nested.files[0]?.name, "0_StaticEmbedding/model.safetensors");
    await assert.rejects(
      hubCard(await folderWith({ "tokenizer.json": "{}", "config.json": { model_type: "model2vec" } })),
      /is not whole: it needs model\.safetensors and tokenizer\.json/,
    );
  });

  const pictures = async (preprocessor: object): Promise<ImageInput | undefined> =>
    (await cardOf({ "onnx/model.onnx": "x", "preprocessor_config.json": preprocessor })).input;
  const imagenet = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };
  const common = { kernel: "linear", order: "rgb", scale: 1 / 255, mean: imagenet.image_mean, std: imagenet.image_std };

  it("prepares pictures as its preprocessor_config.json says", async () => {
    const cases: [object, Partial<ImageInput>][] = [
      [
        { ...imagenet, size: { height: 224, width: 192 } },
        { ...common, size: [224, 192], fit: "stretch", resizeTo: 192 } as ImageInput,
      ],
      [
        { size: 224, resample: 2, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] },
        { size: [224, 224], fit: "stretch", mean: [0.5, 0.5, 0.5] },
      ],
      [
        {
          ...imagenet,
          do_center_crop: true,
          size: { shortest_edge: 256 },
          crop_size: { height: 224, width: 224 },
          resample: 3,
        },
        { size: [224, 224], fit: "crop", resizeTo: 256, kernel: "cubic" },
      ],
      [
        { do_center_crop: true, size: 224, crop_size: 224, resample: 3 },
        { size: [224, 224], fit: "crop", resizeTo: 224 },
      ],
      [
        { ...imagenet, size: { shortest_edge: 224 }, crop_pct: 0.875 },
        { size: [224, 224], fit: "crop", resizeTo: 256 },
      ],
      [
        { ...imagenet, size: { shortest_edge: 384 }, crop_pct: 1 },
        { size: [384, 384], fit: "stretch" },
      ],
      [
        {
          size: { shortest_edge: 288 },
          do_center_crop: true,
          crop_size: 256,
          do_normalize: false,
          do_flip_channel_order: true,
        },
        { size: [256, 256], resizeTo: 288, order: "bgr", mean: [0, 0, 0], std: [1, 1, 1] },
      ],
      [
        { size: { height: 600, width: 600 }, rescale_factor: 1 / 127.5, rescale_offset: true, do_normalize: false },
        { scale: 1 / 127.5, mean: [1, 1, 1], std: [1, 1, 1] },
      ],
      [
        { size: 224, do_rescale: false, do_normalize: false, resample: 0 },
        { scale: 1, kernel: "nearest" },
      ],
    ];
    for (const [preprocessor, expected] of cases) {
      const input = await pictures(preprocessor);
      assert.deepEqual({ ...input, ...expected }, input, JSON.stringify(preprocessor));
    }
    await assert.rejects(pictures({ size: -1 }), /asks for -1 × -1 × -1 pixels/);
    await assert.rejects(pictures({ size: 224, image_mean: [0.5] }), /no three numbers at “image_mean”/);
  });

  it("of CLIP has a side that reads pictures and one that reads texts", async () => {
    const card = await cardOf({
      "onnx/vision_model_quantized.onnx": "x",
      "onnx/text_model_quantized.onnx": "x",
      "tokenizer.json": "{}",
      "tokenizer_config.json": { model_max_length: 77 },
      "config.json": { model_type: "clip", text_config: { max_position_embeddings: 77 } },
      "preprocessor_config.json": { ...imagenet, do_center_crop: true, size: 224, crop_size: 224, resample: 3 },
    });
    assert.deepEqual(
      [card.kind, card.files[0]?.name, card.normalize],
      ["image", "onnx/vision_model_quantized.onnx", true],
    );
    const side = textSideOf(card);
    assert.deepEqual(
      [side?.kind, side?.maxTokens, side?.files.map(({ name }) => name)],
      ["text", 77, ["onnx/text_model_quantized.onnx", "tokenizer.json", "tokenizer_config.json"]],
    );
  });

  it("that is something else is left to others", async () => {
    assert.equal(await hubCard(await folderWith({ "model.onnx": "x" })), null);
    assert.equal(await hubCard(await folderWith({ "notes.txt": "x" })), null);
  });

  it("with damaged JSON is refused by file", async () => {
    await assert.rejects(hubCard(await folderWith({ ...text, "config.json": "{" })), /config\.json is not JSON/);
  });

  const model2vec = realData("models/model2vec-bge-64d");
  it("as it came from the hub is recognised", { skip: model2vec.skip }, async () => {
    const card = await hubCard(model2vec.path);
    assert.deepEqual([card?.runtime, card?.normalize, card?.files[0]?.bytes], ["static", true, 387288]);
  });
});
