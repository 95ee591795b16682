import sharp from "sharp";

export interface Point {
  x: number;
  y: number;
}

/** Fewer pixels than this are the edge of something else. */
const LEAST = 9;

/** The middles of the coloured marks of a picture, in its pixels. Axes and words have no colour. */
export async function colouredMarks(png: Buffer): Promise<{ width: number; marks: Point[] }> {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const coloured = (at: number): boolean => {
    const [r = 0, g = 0, b = 0, alpha = 0] = data.subarray(4 * at, 4 * at + 4);
    return alpha > 200 && Math.max(r, g, b) - Math.min(r, g, b) > 50;
  };
  const seen = new Uint8Array(width * height);
  const marks: Point[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || !coloured(start)) continue;
    const waiting = [start];
    let [x, y, count] = [0, 0, 0];
    seen[start] = 1;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      x += at % width;
      y += Math.floor(at / width);
      count++;
      for (const next of [at - 1, at + 1, at - width, at + width]) {
        if (next < 0 || next >= seen.length || seen[next] || !coloured(next)) continue;
        seen[next] = 1;
        waiting.push(next);
      }
    }
    if (count >= LEAST) marks.push({ x: x / count, y: y / count });
  }
  return { width, marks };
}
