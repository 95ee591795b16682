import assert from "node:assert/strict";
import { it } from "node:test";
import { droppedUris } from "../../../src/webview/dropped";

const drag = (data: Record<string, string>) => ({ getData: (type: string) => data[type] ?? "" });

it("a drop names its files as VS Code's explorer does, or as a file manager does", () => {
  const uri = "file:///d/a%20b.csv";
  assert.deepEqual(droppedUris(drag({ "application/vnd.code.uri-list": `${uri}\r\nfile:///d/c.npy` })), [
    uri,
    "file:///d/c.npy",
  ]);
  assert.deepEqual(droppedUris(drag({ "text/uri-list": `# a comment\n${uri}\n` })), [uri]);
  assert.deepEqual(droppedUris(drag({ resourceurls: JSON.stringify([uri, 3]) })), [uri]);
  assert.deepEqual(droppedUris(drag({ codefiles: JSON.stringify(["/d/a b#1.csv"]) })), ["file:///d/a%20b%231.csv"]);
});

it("a drop without addresses, or with a broken list, names nothing", () => {
  assert.deepEqual(droppedUris(drag({})), []);
  assert.deepEqual(droppedUris(drag({ resourceurls: "[broken" })), []);
});
