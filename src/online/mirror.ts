import { LensError } from "../protocol/errors";

/**
 * Where a file is asked for: at its own address, or at the mirror's base address followed by the path of its own.
 * @throws LensError "network" when the mirror is no http address; "model" when the file has no address
 */
export function mirrored(url: string | undefined, mirror: string | null, label: string): string {
  if (url === undefined)
    throw new LensError("model", `${label} is not whole on this machine and has no address to download from.`);
  if (mirror === null) return url;
  const base = URL.canParse(mirror) ? new URL(mirror) : null;
  if (base === null || !/^https?:$/.test(base.protocol)) {
    throw new LensError("network", `The mirror “${mirror}” is not an http or https address.`);
  }
  return base.href.replace(/[?#].*$/, "").replace(/\/+$/, "") + new URL(url).pathname;
}
