import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import sharp from "sharp";

const PROJECT = path.resolve(__dirname, "../../..");
const DATA = path.resolve(PROJECT, process.env.EMBEDDING_LENS_DATA ?? "../shared", "data");

/** The sample files that ship with the extension, in a folder that a test may change. */
export class Workspace {
  readonly folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "embedding-lens-workspace-")));

  constructor() {
    fs.cpSync(path.join(PROJECT, "media/samples"), this.folder, { recursive: true });
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  write(name: string, text: string): void {
    fs.mkdirSync(path.dirname(this.file(name)), { recursive: true });
    fs.writeFileSync(this.file(name), text);
  }

  /** Draws `count` pictures of each of three kinds into folders of their names. */
  async draw(folder: string, count: number): Promise<void> {
    const shapes: Record<string, (size: number) => string> = {
      circles: (size) => `<circle cx="48" cy="48" r="${size}" fill="#d1495b"/>`,
      squares: (size) =>
        `<rect x="${48 - size}" y="${48 - size}" width="${2 * size}" height="${2 * size}" fill="#2e86ab"/>`,
      stripes: (size) =>
        [0, 1, 2, 3].map((i) => `<rect y="${i * 24}" width="96" height="${size / 3}" fill="#3a7d44"/>`).join(""),
    };
    for (const [name, shape] of Object.entries(shapes)) {
      fs.mkdirSync(this.file(`${folder}/${name}`), { recursive: true });
      for (let i = 0; i < count; i++) {
        const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="#eee"/>${shape(14 + (i % 24))}</svg>`;
        await sharp(Buffer.from(svg))
          .png()
          .toFile(this.file(`${folder}/${name}/${name}-${i}.png`));
      }
    }
  }

  /** Copies a folder of the shared data into the workspace. */
  add(name: string): void {
    fs.cpSync(path.join(DATA, name), this.file(name), { recursive: true });
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Why a test with a folder of the shared data is skipped, or false when it is there. */
export const withoutData = (name: string): string | false =>
  fs.existsSync(path.join(DATA, name)) ? false : `no ${name}: set EMBEDDING_LENS_DATA to the folder that holds data/`;
