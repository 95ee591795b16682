import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The folder that holds downloaded models and the cache, for the extension and the command line alike:
 * EMBEDDING_LENS_HOME, else `embedding-lens` under the user's cache folder of the operating system.
 */
export function lensHome(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  user: string = homedir(),
): string {
  const wished = env["EMBEDDING_LENS_HOME"];
  if (wished) return wished;
  return join(cacheFolder(env, platform, user), "embedding-lens");
}

/** The folder of the embeddings that are kept between runs. */
export const embeddingsFolder = (home: string = lensHome()): string => join(home, "embeddings");

function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  user: string,
): string {
  switch (platform) {
    case "win32":
      return env["LOCALAPPDATA"] || join(user, "AppData", "Local");
    case "darwin":
      return join(user, "Library", "Caches");
    default:
      return env["XDG_CACHE_HOME"] || join(user, ".cache");
  }
}
