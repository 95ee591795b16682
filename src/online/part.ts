import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

let claims = 0;

/**
 * A file that is not whole yet: a folder `NAME.part` with its bytes and what names their version.
 * Who works on it has renamed it to `NAME.<pid>-<n>.part` first. A rename succeeds for one process only, so two that
 * download the same file never write to the same bytes: the second starts its own.
 */
export class Part {
  private handle: FileHandle | null = null;
  private length = 0;
  private version: string | null = null;

  private constructor(
    private readonly target: string,
    private readonly folder: string,
  ) {}

  /** Takes over what an earlier download has left, else starts anew. */
  static async claim(target: string): Promise<Part> {
    const part = new Part(target, `${target}.${process.pid}-${++claims}.part`);
    await mkdir(dirname(target), { recursive: true });
    for (const left of [`${target}.part`, ...(await orphansOf(target))]) {
      const taken = await rename(left, part.folder).then(
        () => true,
        () => false,
      );
      if (taken) break;
    }
    await mkdir(part.folder, { recursive: true });
    part.length = await stat(part.data).then(
      ({ size }) => size,
      () => 0,
    );
    part.version = await readFile(part.validatorFile, "utf8").catch(() => null);
    return part;
  }

  /** Bytes that are here. */
  get size(): number {
    return this.length;
  }

  /** The ETag or date of the file whose bytes these are, null when the server gave none. */
  get validator(): string | null {
    return this.version;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.handle ??= await open(this.data, "a");
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await this.handle.write(bytes, at);
      at += bytesWritten;
      this.length += bytesWritten;
    }
  }

  /** Drops the bytes and starts with those of this version. */
  async restart(validator: string | null): Promise<void> {
    await this.close();
    if (this.length > 0) await rm(this.data, { force: true });
    this.length = 0;
    this.version = validator;
    await (validator === null ? rm(this.validatorFile, { force: true }) : writeFile(this.validatorFile, validator));
  }

  async sha256(signal: AbortSignal): Promise<string> {
    await this.close();
    return sha256Of(this.data, signal);
  }

  /** Gives the bytes their name, in one step. */
  async finish(): Promise<void> {
    await this.close();
    try {
      await rename(this.data, this.target);
    } catch (error) {
      // Windows refuses to replace a file that is in use: another process has finished it and reads it.
      const there = await stat(this.target).catch(() => null);
      if (there?.size !== this.length) throw error;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Leaves the bytes for the next download. */
  async release(): Promise<void> {
    await this.close();
    if (this.length === 0) return this.discard();
    await rename(this.folder, `${this.target}.part`).catch(() => this.discard());
  }

  async discard(): Promise<void> {
    await this.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private get data(): string {
    return join(this.folder, "data");
  }

  private get validatorFile(): string {
    return join(this.folder, "version");
  }

  private async close(): Promise<void> {
    const { handle } = this;
    this.handle = null;
    await handle?.close();
  }
}

/** Parts of processes that have ended without releasing them. */
async function orphansOf(target: string): Promise<string[]> {
  const folder = dirname(target);
  const name = basename(target);
  return (await readdir(folder)).flatMap((entry) => {
    if (!entry.startsWith(`${name}.`)) return [];
    const pid = /^(\d+)-\d+\.part$/.exec(entry.slice(name.length + 1))?.[1];
    return pid !== undefined && !isRunning(Number(pid)) ? [join(folder, entry)] : [];
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

export async function sha256Of(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20, ...(signal && { signal }) })) {
    hash.update(chunk as Uint8Array);
  }
  return hash.digest("hex");
}
