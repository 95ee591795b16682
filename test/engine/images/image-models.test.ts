import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import sharp from "sharp";
import catalog from "../../../models/catalog.json";
import lensTiny from "../../../models/lens-tiny/card.json";
import { openImageModel } from "../../../src/engine/embed/image-model";
import { openImageNet, type ImageNet } from "../../../src/engine/embed/image-net";
import { toTensor } from "../../../src/engine/embed/pixels";
import type { ImageInput, ModelCard } from "../../../src/protocol/models";
import { pictureCard, pictureItems } from "../../support/cards";
import { realData } from "../../support/data";
import { GraphWriter } from "../../support/onnx-writer";
import { fourCorners } from "../../support/pictures";

let folder = "";
before(async () => void (folder = await mkdtemp(join(tmpdir(), "lens-models-"))));
after(() => rm(folder, { recursive: true, force: true }));

const card = (fields: Partial<ModelCard> = {}): ModelCard => pictureCard(fields);
const mobilenet = catalog.downloads.find(({ id }) => id === "mobilenetv2") as unknown as ModelCard;

/** The picture of resnet18-narrow's expected.json. */
function formulaPicture(): Uint8Array {
  const pixels = new Uint8Array(224 * 224 * 3);
  for (let y = 0; y < 224; y++) {
    for (let x = 0; x < 224; x++) {
      pixels.set([(3 * x + y) % 256, (x + 5 * y) % 256, (x * y) % 256], (y * 224 + x) * 3);
    }
  }
  return pixels;
}

const near = (got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number): void => {
  assert.equal(got.length, want.length);
  for (let i = 0; i < want.length; i++) {
    assert.ok(Math.abs(got[i]! - want[i]!) <= tolerance, `${i}: ${got[i]!} is not ${want[i]!}`);
  }
};

describe("a classifier gives the features before its scores", () => {
  const { path, skip } = realData("models/resnet18-narrow");
  const features = (): number[] =>
    (JSON.parse(readFileSync(join(path, "expected.json"), "utf8")) as { features: number[] }).features;

  test("ResNet-18's pool to 1e-4, from the picture's pixels", { skip }, async () => {
    const net = await openImageNet(join(path, "model.onnx"), card());
    assert.equal(net.tensor, "/avgpool/GlobalAveragePool_output_0");
    assert.equal(net.dims, 64);
    near(await net.run(toTensor(net.input)(formulaPicture())), features(), 1e-4);
    await net.close();
  });

  test("ResNet-18's pool to 1e-4, through a 224 × 224 PNG", { skip }, async () => {
    const file = join(folder, "formula.png");
    await sharp(formulaPicture(), { raw: { width: 224, height: 224, channels: 3 } })
      .png()
      .toFile(file);
    const model = await openImageModel({ card: card(), folder: path });
    const { data, failed } = await model.embed(pictureItems(file));
    assert.deepEqual(failed, []);
    near(data, features(), 1e-4);
    await model.dispose();
  });
});

describe("MobileNetV2 int8", () => {
  const { path, skip } = realData("models/mobilenetv2-12-int8");
  const input = mobilenet.input!;

  test(
    "its tapped and dequantised pool equals the features of the graph that was edited by hand",
    { skip },
    async () => {
      const tapped = await openImageNet(join(path, "model.onnx"), mobilenet);
      const edited = await openImageNet(join(path, "model-features.onnx"), card({ input }));
      assert.equal(tapped.tensor, "464_quantized");
      assert.equal(edited.tensor, "features");
      const pixels = toTensor(input)(formulaPicture());
      assert.deepEqual(await tapped.run(pixels), await edited.run(pixels));
    },
  );

  test("a named output is taken, here the scores", { skip }, async () => {
    const net = await openImageNet(join(path, "model.onnx"), card({ input, output: "output" }));
    assert.deepEqual([net.dims, net.tensor], [1000, "output"]);
  });
});

describe("SqueezeNet", () => {
  const { path, skip } = realData("models/squeezenet1.0");
  const input: ImageInput = {
    ...{ size: [227, 227], fit: "crop", resizeTo: 256, kernel: "linear", order: "bgr" },
    ...{ scale: 1, mean: [104, 117, 123], std: [1, 1, 1] },
  };

  test("its output named features is taken, of a card with blue first", { skip }, async () => {
    const net = await openImageNet(join(path, "model.onnx"), card({ input }));
    assert.deepEqual([net.dims, net.tensor], [512, "features"]);
  });

  test("a card of the wrong size is refused with both sizes", { skip }, async () => {
    const wrong = card({ input: { ...input, size: [224, 224] } });
    await assert.rejects(openImageNet(join(path, "model.onnx"), wrong), {
      reason: "model",
      message: /224 × 224 pixels, its graph 227 × 227/,
    });
  });
});

describe("a vector belongs to its picture alone", () => {
  const builtIn = { card: lensTiny as unknown as ModelCard, folder: "models/lens-tiny" };
  const files: string[] = [];
  before(async () => {
    for (let i = 0; i < 8; i++) {
      files.push(join(folder, `turned-${i}.png`));
      await fourCorners(60 + i, 50)
        .rotate(i * 20)
        .png()
        .toFile(files[i]!);
    }
  });

  test("one by one, in fives and in eights lens-tiny gives the same bits", async () => {
    const model = await openImageModel(builtIn);
    assert.deepEqual([model.dims, model.tensor], [256, "features"]);
    const all = (await model.embed(pictureItems(...files))).data;
    assert.equal(all.length, 8 * 256);
    assert.deepEqual((await model.embed(pictureItems(...files.slice(0, 5)))).data, all.slice(0, 5 * 256));
    for (const [i, file] of files.entries()) {
      assert.deepEqual((await model.embed(pictureItems(file))).data, all.slice(i * 256, (i + 1) * 256));
    }
    await model.dispose();
  });

  test("two batches at the same time do not disturb each other", async () => {
    const model = await openImageModel(builtIn);
    const [first, second] = [pictureItems(...files.slice(0, 4)), pictureItems(...files.slice(4))];
    const apart = [(await model.embed(first)).data, (await model.embed(second)).data];
    const together = await Promise.all([model.embed(first), model.embed(second)]);
    assert.deepEqual(
      together.map(({ data }) => data),
      apart,
    );
  });

  test("a broken picture is named and its row is zero; the others are as without it", async () => {
    const broken = join(folder, "broken.png");
    await writeFile(broken, "broken");
    const model = await openImageModel(builtIn);
    const { data, failed } = await model.embed(pictureItems(files[0]!, broken, files[1]!));
    assert.deepEqual(failed, [{ at: 1, reason: "it is not a picture in a readable format" }]);
    assert.ok(data.slice(256, 512).every((value) => value === 0));
    assert.deepEqual(data.slice(512), (await model.embed(pictureItems(files[1]!))).data);
  });

  test("a card that asks for it gets vectors of length 1", async () => {
    const model = await openImageModel({ ...builtIn, card: { ...builtIn.card, normalize: true } });
    const { data } = await model.embed(pictureItems(files[0]!));
    assert.ok(Math.abs(Math.hypot(...data) - 1) < 1e-6);
  });
});

describe("a bare .onnx file", () => {
  /** Mean of each channel of a picture of free or given size, as a classifier. */
  function write(name: string, shape: (number | string)[]): Promise<void> {
    const graph = new GraphWriter();
    const pool = graph.node("GlobalAveragePool", ["picture"], {}, "pool");
    const weight = graph.weight("float", [3, 2], Float32Array.of(1, 2, 3, 4, 5, 6));
    graph.node("Gemm", [graph.node("Flatten", [pool]), weight], {}, "scores");
    const bytes = graph.model(
      [{ name: "picture", type: "float", shape }],
      [{ name: "scores", type: "float", shape: [shape[0]!, 2] }],
    );
    return writeFile(join(folder, name), bytes);
  }
  const open = (name: string): Promise<ImageNet> => openImageNet(join(folder, name), card());

  test("is fed in its own size, 224 where that is free, with ImageNet's mean and deviation", async () => {
    await write("fixed.onnx", ["batch", 3, 12, 20]);
    await write("free.onnx", ["batch", 3, "height", "width"]);
    const { input, dims, tensor } = await open("fixed.onnx");
    assert.deepEqual([input.size, input.fit, input.order, dims, tensor], [[12, 20], "stretch", "rgb", 3, "pool"]);
    assert.deepEqual((await open("free.onnx")).input.size, [224, 224]);
    const file = join(folder, "white.png");
    await sharp({ create: { width: 5, height: 5, channels: 3, background: "#ffffff" } })
      .png()
      .toFile(file);
    const model = await openImageModel({ card: card({ files: [{ name: "fixed.onnx", bytes: 1 }] }), folder });
    near((await model.embed(pictureItems(file))).data, [2.2489, 2.4286, 2.64], 1e-3);
  });

  test("with a fixed batch of one works, of more is refused", async () => {
    await write("one.onnx", [1, 3, 12, 12]);
    await write("four.onnx", [4, 3, 12, 12]);
    assert.equal((await open("one.onnx")).dims, 3);
    await assert.rejects(open("four.onnx"), { reason: "model", message: /does not take a picture/ });
  });

  test("whose card promises another length is refused", async () => {
    await write("three.onnx", ["batch", 3, 12, 12]);
    await assert.rejects(openImageNet(join(folder, "three.onnx"), card({ dims: 512 })), {
      message: "The model “test-model” cannot be used: its card says 512 numbers a picture, “pool” gives 3.",
    });
  });

  test("that is no model, damaged or missing is said in one sentence", async () => {
    await writeFile(join(folder, "page.onnx"), "<!DOCTYPE html><html></html>");
    await assert.rejects(open("page.onnx"), { reason: "model", message: /page\.onnx is not an ONNX model\.$/ });
    await assert.rejects(open("gone.onnx"), { reason: "model", message: /its file cannot be read/ });
    const bytes = readFileSync("models/lens-tiny/model.onnx");
    await writeFile(join(folder, "cut.onnx"), bytes.subarray(0, bytes.length >> 1));
    await assert.rejects(open("cut.onnx"), { reason: "model" });
  });
});

describe("a vision transformer whose only output is its tokens", () => {
  /** A graph that cuts a picture of 4 × 4 into patches of 2 × 2, each a token of 12 numbers, after `extra` tokens of ones. */
  const transformer = (extra: number): Uint8Array => {
    const graph = new GraphWriter();
    const shape = (...sizes: number[]): string =>
      graph.weight("int64", [sizes.length], BigInt64Array.from(sizes, BigInt));
    const cut = graph.node("Reshape", ["picture", shape(1, 3, 2, 2, 2, 2)]);
    const turned = graph.node("Transpose", [cut], { perm: [0, 2, 4, 1, 3, 5] });
    const patches = graph.node("Reshape", [turned, shape(1, 4, 12)]);
    const first = graph.weight("float", [1, extra, 12], new Float32Array(12 * extra).fill(1));
    graph.node("Concat", [first, patches], { axis: 1 }, "last_hidden_state");
    const value = (name: string, ...sizes: (number | string)[]) => ({ name, type: "float" as const, shape: sizes });
    return graph.model([value("picture", 1, 3, 4, 4)], [value("last_hidden_state", 1, "tokens", 12)]);
  };
  const vectorOf = async (extra: number, fields: Partial<ModelCard> = {}): Promise<[string, number[]]> => {
    const path = join(folder, `transformer-${extra}.onnx`);
    await writeFile(path, transformer(extra));
    const net = await openImageNet(path, card(fields));
    const vector = await net.run(Float32Array.from({ length: 48 }, (_, i) => i));
    await net.close();
    return [net.tensor, [...vector]];
  };
  /** The sums of the first numbers of the four patches, 0 2 8 10, and of the second. */
  const sums = [20, 24];

  test("gives the token that stands before the square of patches", async () => {
    assert.deepEqual(await vectorOf(1), ["last_hidden_state, cls", new Array<number>(12).fill(1)]);
  });

  test("gives the mean where there are patches alone, or where its card says so", async () => {
    const [tensor, vector] = await vectorOf(1, { pooling: "mean" });
    assert.equal(tensor, "last_hidden_state, mean");
    assert.ok(Math.abs(vector[0]! - (1 + sums[0]!) / 5) < 1e-6);
    const [name, plain] = await vectorOf(2);
    assert.equal(name, "last_hidden_state, mean");
    assert.ok(Math.abs(plain[1]! - (2 + sums[1]!) / 6) < 1e-6);
  });
});
