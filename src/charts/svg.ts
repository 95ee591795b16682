/** Makes the cells of a heatmap crisp in an SVG that Vega wrote: it has no word for `smooth: false` there. */
export function crispImages(svg: string): string {
  return svg.replaceAll("<image ", '<image image-rendering="pixelated" ');
}

interface Extent {
  width: number;
  height: number;
}

/** Where pictures stand beside each other, or one over the other, and how large the whole is. */
export function layOut(pictures: readonly Extent[], across: boolean): Extent & { places: { x: number; y: number }[] } {
  let [x, y] = [0, 0];
  const places = pictures.map((picture) => {
    const place = { x, y };
    if (across) x += picture.width;
    else y += picture.height;
    return place;
  });
  const most = (of: (picture: Extent) => number): number => Math.max(0, ...pictures.map(of));
  const width = across ? x : most((picture) => picture.width);
  const height = across ? most((picture) => picture.height) : y;
  return { places, width, height };
}

/** SVGs that Vega wrote, as one; what they refer to inside themselves stays their own. */
export function besideSvg(drawings: readonly string[], across: boolean): string {
  const sizes = drawings.map((svg) => ({ width: attribute(svg, "width"), height: attribute(svg, "height") }));
  const { places, width, height } = layOut(sizes, across);
  const parts = drawings.map((svg, at) =>
    svg
      // Only inside of tags: a text may hold anything.
      .replace(/<[^>]*>/g, (tag) => tag.replace(/ id="/g, ` id="p${at}-`).replace(/url\(#/g, `url(#p${at}-`))
      .replace(/<svg /, `<svg x="${places[at]!.x}" y="${places[at]!.y}" `),
  );
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1"',
    ` width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    ...parts,
    "</svg>",
  ].join("");
}

const attribute = (svg: string, name: string): number =>
  Number(new RegExp(`<svg [^>]*?\\b${name}="([\\d.]+)"`).exec(svg)?.[1] ?? 0);
