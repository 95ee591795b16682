import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { modelWords } from "../../../src/extension/models/words";
import { textCard } from "../../support/cards";

const files = [{ name: "model.onnx", bytes: 3_655_640 }];

describe("a model in the list", () => {
  it("says what it reads, in which languages, its dimensions, its licence and where it runs", () => {
    const card = textCard({ name: "One", dims: 384, languages: ["en", "de"], licence: "MIT", files });
    assert.deepEqual(modelWords({ card, state: "installed", bytes: 0 }, true), {
      label: "One",
      description: "installed, 3.7 MB · default",
      detail: "texts · English, German · 384 dimensions · runs on this machine · licence: MIT",
    });
  });

  it("says what a download costs, and counts many languages", () => {
    const languages = ["100 languages"];
    const card = textCard({ kind: "image", text: { file: "t.onnx", maxTokens: 77 }, languages, files });
    const words = modelWords({ card, state: "absent", bytes: 135_000_000 }, false);
    assert.equal(words.description, "135 MB download");
    assert.match(words.detail, /^pictures and texts · 100 languages · runs on this machine/);
    const many = textCard({ languages: ["en", "de", "fr", "it", "es"], files });
    assert.match(modelWords({ card: many, state: "builtin", bytes: 0 }, false).detail, /5 languages/);
  });

  it("names the server of a model that runs on one, and no licence", () => {
    const card = textCard({ runtime: "remote", source: "api.example" });
    assert.equal(modelWords({ card, state: "remote", bytes: 0 }, false).detail, "texts · runs on api.example");
  });
});
