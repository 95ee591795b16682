import type { RemoteVectors } from "../../protocol/engine";
import type { RemoteSettings } from "../../protocol/models";
import type { RawVectors } from "./calls";
import { refused, type Asked } from "./refusal";

/**
 * Checks what came back and packs it.
 * @param raw one entry a text
 * @returns (texts × dims) float32; texts whose vector holds something that is no number are named in `failed`
 * @throws LensError "network" when an entry is no vector, or vectors have different or other lengths than asked for
 */
export function checkedVectors(raw: RawVectors, { dimensions }: RemoteSettings, asked: Asked): RemoteVectors {
  const vectors = raw.map((one) => {
    if (Array.isArray(one) && one.length > 0) return one as unknown[];
    throw refused(asked, "the server sent something that is not a vector, so none of this call is used");
  });
  const cols = vectors[0]?.length ?? 0;
  const other = vectors.find(({ length }) => length !== cols);
  if (other !== undefined) {
    throw refused(
      asked,
      `the server sent vectors of ${cols} and of ${other.length} numbers in one answer, so none of them is used`,
    );
  }
  if (dimensions !== undefined && cols !== dimensions) {
    throw refused(
      asked,
      `${dimensions} dimensions were asked for and vectors of ${cols} numbers came back; ask for ${cols}, or for none`,
    );
  }
  const data = new Float32Array(vectors.length * cols);
  const failed: RemoteVectors["failed"] = [];
  vectors.forEach((vector, at) => {
    if (vector.every((one) => typeof one === "number" && Number.isFinite(Math.fround(one)))) {
      data.set(vector as number[], at * cols);
    } else failed.push({ at, reason: `${asked.host} sent a vector with NaN or another value that is no number` });
  });
  return { rows: vectors.length, cols, data, failed };
}
