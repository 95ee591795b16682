export { csvText, exportCsv } from "./csv";
export { exportJson, jsonText, type JsonParts } from "./json";
export { coordinates, exportNpy, npyPieces } from "./npy";
export { encodePng, pngDataUrl } from "./png";
export { exportRecipe, relativePath, RECIPE_EXTENSION } from "./recipe";
export { removeUnfinished, writeAtomic, writeError, type Content } from "./write";
