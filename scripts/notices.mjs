// The licences of other people's code in the package, for its ThirdPartyNotices.txt.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const LICENCE = /^(licen[cs]e|copying|copyright|notice|third.?party)/i;
const RULE = "=".repeat(80);

/**
 * Folders of the packages whose code is in a bundle.
 * @param metafiles of esbuild
 */
export function bundledPackages(metafiles) {
  const used = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs)),
  );
  const folders = used
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll("\\", "/"))?.[1]);
  return [...new Set(folders.filter(Boolean))];
}

/** Folders of the packages below a node_modules, those inside others too. */
export function installedPackages(nodeModules) {
  if (!existsSync(nodeModules)) return [];
  return readdirSync(nodeModules, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .flatMap(({ name }) => {
      const folder = path.join(nodeModules, name);
      if (name.startsWith("@")) return installedPackages(folder);
      return [folder, ...installedPackages(path.join(folder, "node_modules"))];
    });
}

/** One part for each package: its name, version and licence, and the texts that it brings. */
export function noticesOf(folders) {
  const parts = new Map();
  for (const folder of folders) {
    const file = path.join(folder, "package.json");
    if (!existsSync(file)) continue;
    const { name, version, license, homepage, author } = JSON.parse(readFileSync(file, "utf8"));
    if (!name) continue;
    const texts = readdirSync(folder)
      .filter((entry) => LICENCE.test(entry))
      .sort()
      .map((entry) => readFileSync(path.join(folder, entry), "utf8").trim());
    const by = typeof author === "string" ? author : author?.name;
    const facts = [license && `Licence: ${license}`, by && `Author: ${by}`, homepage].filter(Boolean);
    parts.set(`${name} ${version}`, [facts.join("\n"), ...texts].join("\n\n"));
  }
  const all = [...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, text]) => `${RULE}\n${title}\n${text}\n`);
  return `Embedding Lens carries code of these packages, each under its own licence.\n\n${all.join("\n")}`;
}
