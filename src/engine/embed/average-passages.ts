/**
 * One vector per text from the vectors of its passages: their mean, each weighted by its length, so that a short rest
 * counts little.
 * @param vectors (passages × dims) row-major
 * @param dims numbers per vector
 * @param text (passages) index of the text of each passage
 * @param length (passages) in tokens or characters, above 0
 * @param texts how many texts there are; each has at least one passage
 * @returns (texts × dims) row-major
 */
export function averagePassages(
  vectors: Float32Array,
  dims: number,
  text: Int32Array,
  length: Float64Array,
  texts: number,
): Float32Array {
  const sums = new Float64Array(texts * dims);
  const totals = new Float64Array(texts);
  text.forEach((one, passage) => {
    const weight = length[passage]!;
    totals[one]! += weight;
    for (let d = 0; d < dims; d++) sums[one * dims + d]! += weight * vectors[passage * dims + d]!;
  });
  return Float32Array.from(sums, (sum, i) => sum / totals[Math.floor(i / dims)]!);
}
