import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import {
  BINARY_EXTENSIONS,
  COMMANDS,
  EDITOR_VIEW_TYPE,
  IMAGE_EXTENSIONS,
  PANEL_VIEW_TYPE,
  SETTINGS,
  TABLE_EXTENSIONS,
  TEXT_EXTENSIONS,
  WORD_VECTOR_EXTENSIONS,
} from "../../src/protocol/constants";
import { DEFAULT_IMAGE_MODEL, DEFAULT_TEXT_MODEL } from "../../src/protocol/models";

interface MenuEntry {
  command?: string;
  submenu?: string;
  when?: string;
}
interface Manifest {
  icon: string;
  engines: { vscode: string };
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  extensionKind: string[];
  activationEvents: string[];
  capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; title: string; category: string }[];
    submenus: { id: string }[];
    customEditors: { viewType: string; selector: { filenamePattern: string }[]; priority: string }[];
    menus: Record<string, MenuEntry[]>;
    configuration: { properties: Record<string, { default: unknown }> };
  };
}

const root = path.resolve(__dirname, "../..");
const read = (name: string): unknown => JSON.parse(readFileSync(path.join(root, name), "utf8"));
const manifest = read("package.json") as Manifest;
const { contributes } = manifest;
const idOf = (setting: string): string => `${SETTINGS.section}.${setting}`;

/** The file names that a `when` clause of the explorer lets through. */
function letsThrough(when: string, name: string): boolean {
  const values: Record<string, string> = { resourceExtname: path.extname(name), resourceFilename: name };
  return when.split(" && ").every((clause) => {
    const match = /^(\w+) =~ \/(.*)\/i$/.exec(clause);
    if (!match) return true;
    const [, key = "", pattern = ""] = match;
    return new RegExp(pattern, "i").test(values[key] ?? "");
  });
}

const explorerCommandsFor = (name: string): string[] => commandsFor("explorer/context", name);

function commandsFor(menu: string, name: string): string[] {
  return (contributes.menus[menu] ?? [])
    .filter(({ command, when }) => command && when && letsThrough(when, name))
    .map(({ command }) => command ?? "");
}

const { section: _, ...settings } = SETTINGS;
const settingNames = Object.values(settings);

describe("package.json", () => {
  it("has exactly the commands of the constants, each with a title and the category", () => {
    assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), Object.values(COMMANDS).sort());
    for (const { title, category } of contributes.commands) {
      assert.equal(category, "Embedding Lens");
      assert.ok(title.length > 0 && !title.includes("Embedding Lens"), title);
    }
  });

  it("uses only commands and submenus in its menus that exist", () => {
    const commands = new Set<string>(Object.values(COMMANDS));
    const submenus = new Set(contributes.submenus.map(({ id }) => id));
    for (const [menu, entries] of Object.entries(contributes.menus)) {
      for (const { command, submenu } of entries) {
        if (command) assert.ok(commands.has(command), `${menu}: ${command}`);
        if (submenu) assert.ok(submenus.has(submenu) && contributes.menus[submenu], `${menu}: ${submenu}`);
      }
    }
  });

  it("has exactly the settings of the constants, with the defaults of the code", () => {
    const { properties } = contributes.configuration;
    const names = settingNames.map(idOf);
    assert.deepEqual(Object.keys(properties).sort(), [...names].sort());
    assert.equal(properties[idOf(SETTINGS.textModel)]?.default, DEFAULT_TEXT_MODEL);
    assert.equal(properties[idOf(SETTINGS.imageModel)]?.default, DEFAULT_IMAGE_MODEL);
  });

  it("lets an untrusted workspace choose neither models nor a server", () => {
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.equal(supported, "limited");
    assert.deepEqual([...restrictedConfigurations].sort(), settingNames.map(idOf).sort());
  });

  it("is woken by a panel that comes back, and runs where the files are", () => {
    assert.deepEqual(manifest.activationEvents, [`onWebviewPanel:${PANEL_VIEW_TYPE}`]);
    assert.deepEqual(manifest.extensionKind, ["workspace"]);
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies["@types/vscode"]}`);
  });

  it("offers each kind of file its one command in the explorer, in any case", () => {
    for (const one of IMAGE_EXTENSIONS) assert.deepEqual(explorerCommandsFor(`a${one}`), [COMMANDS.visualizeImages]);
    // A .txt may be a list of words with their vectors.
    const both = [COMMANDS.visualizeText, COMMANDS.visualizeDataset];
    for (const one of TEXT_EXTENSIONS) {
      assert.deepEqual(explorerCommandsFor(`a${one}`), one === ".txt" ? both : [COMMANDS.visualizeText]);
    }
    for (const one of [...TABLE_EXTENSIONS, ...BINARY_EXTENSIONS, ...WORD_VECTOR_EXTENSIONS]) {
      assert.deepEqual(explorerCommandsFor(`a${one}`), [COMMANDS.visualizeDataset]);
    }
    assert.deepEqual(explorerCommandsFor("A.JPG"), [COMMANDS.visualizeImages]);
    assert.deepEqual(explorerCommandsFor("mine.lens.json"), [COMMANDS.openRecipe]);
    assert.deepEqual(explorerCommandsFor("a.ts"), []);
  });

  it("has a button above each dataset, and the palette has the command without any editor", () => {
    for (const one of [...TABLE_EXTENSIONS, ...BINARY_EXTENSIONS, ...WORD_VECTOR_EXTENSIONS]) {
      assert.deepEqual(commandsFor("editor/title", `a${one}`), [COMMANDS.visualizeDataset]);
    }
    assert.deepEqual(commandsFor("editor/title", "mine.lens.json"), []);
    assert.deepEqual(commandsFor("editor/title", "a.txt"), []);
    const hidden = (contributes.menus["commandPalette"] ?? []).map(({ command }) => command);
    assert.ok(!hidden.includes(COMMANDS.visualizeDataset));
  });

  it("offers its editor for binary tables and vectors, and leaves them to others unless it is chosen", () => {
    const [editor, other] = contributes.customEditors;
    assert.equal(other, undefined);
    assert.equal(editor?.viewType, EDITOR_VIEW_TYPE);
    assert.equal(editor.priority, "option");
    const [, names = ""] = /^\*\.\{(.*)\}$/.exec(editor.selector[0]?.filenamePattern ?? "") ?? [];
    assert.deepEqual(
      names.split(",").map((name) => `.${name}`),
      [...BINARY_EXTENSIONS],
    );
  });

  it("names an icon that exists and is no SVG", () => {
    assert.ok(existsSync(path.join(root, manifest.icon)));
    assert.equal(path.extname(manifest.icon), ".png");
  });

  it("has the same versions of native packages in every target", () => {
    const target = read("targets/linux-x64/package.json") as Manifest;
    assert.deepEqual(target.dependencies, manifest.dependencies);
    const wasm = read("targets/linux-x64/wasm/package.json") as Manifest;
    assert.deepEqual(wasm.dependencies, { "@img/sharp-wasm32": manifest.dependencies["sharp"] });
  });
});
