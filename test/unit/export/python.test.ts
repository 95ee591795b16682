import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { exportCsv, exportNpy } from "../../../src/export";
import { resultOf } from "./fixture";

const PYTHON = ["/usr/bin/python3", "python3"].find((python) => {
  try {
    execFileSync(python, ["-c", "import pandas, numpy"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});
const skip = PYTHON === undefined ? "python3-pandas and python3-numpy are not installed" : false;
const folder = mkdtempSync(join(tmpdir(), "lens-python-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function ask(script: string, file: string): unknown {
  return JSON.parse(execFileSync(PYTHON!, ["-W", "ignore", "-c", script, file], { encoding: "utf8" }));
}

describe("what is written, others read", () => {
  it("CSV, by pandas: texts with commas, quotes and line ends", { skip }, () => {
    const texts = ['one, "two"\nthree', "caf\u00e9"];
    const file = join(folder, "map.csv");
    writeFileSync(file, exportCsv(resultOf(texts), texts));
    const script =
      "import pandas,sys,json;d=pandas.read_csv(sys.argv[1]);print(json.dumps([d.text.tolist(),d.x.tolist()]))";
    const [read, x] = ask(script, file) as [string[], number[]];
    assert.deepEqual(read, texts);
    assert.deepEqual(Float32Array.from(x), resultOf(texts).x);
  });

  it("npy, by numpy: shape, type and values", { skip }, () => {
    const file = join(folder, "vectors.npy");
    writeFileSync(file, exportNpy({ rows: 2, cols: 3, data: Float32Array.of(1, -2.5, 3, 4e-3, 5, 6) }));
    const script =
      "import numpy,sys,json;a=numpy.load(sys.argv[1]);print(json.dumps([list(a.shape),str(a.dtype),a.tolist()]))";
    const [shape, type, values] = ask(script, file) as [number[], string, number[][]];
    assert.deepEqual([shape, type, values[0]], [[2, 3], "float32", [1, -2.5, 3]]);
  });
});
