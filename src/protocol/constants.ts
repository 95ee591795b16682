/** Every id that the extension shares with package.json; test/unit/manifest.test.ts holds the two together. */
export const COMMANDS = {
  similarityOfSelection: "embeddingLens.similarityOfSelection",
  mapOfSelection: "embeddingLens.mapOfSelection",
  visualizeImages: "embeddingLens.visualizeImages",
  visualizeText: "embeddingLens.visualizeText",
  visualizeDataset: "embeddingLens.visualizeDataset",
  openRecipe: "embeddingLens.openRecipe",
  openSample: "embeddingLens.openSample",
  showLog: "embeddingLens.showLog",
  setApiKey: "embeddingLens.setApiKey",
  removeApiKey: "embeddingLens.removeApiKey",
  addRemoteModel: "embeddingLens.addRemoteModel",
  manageModels: "embeddingLens.manageModels",
  clearCache: "embeddingLens.clearCache",
} as const;

export const SETTINGS = {
  section: "embeddingLens",
  textModel: "textModel",
  imageModel: "imageModel",
  modelMirror: "modelMirror",
  offline: "offline",
  cacheLimit: "cacheLimit",
  remoteModels: "remoteModels",
  cohereBaseUrl: "cohereBaseUrl",
  openaiBaseUrl: "openaiBaseUrl",
} as const;

export const PANEL_VIEW_TYPE = "embeddingLens.panel";
/** The read-only editor of binary tables and files of vectors. */
export const EDITOR_VIEW_TYPE = "embeddingLens.vectors";

/** Rows of a dataset that are shown when the recipe says nothing: a seeded sample. */
export const TABLE_SAMPLE = 20_000;
/** The most points a map draws; above it a seeded sample is shown and the status line says so. */
export const MAP_LIMIT = 200_000;
/** The most points that a file draws one by one; above it their layer stands in it as a picture. */
export const MARKS_LIMIT = 5_000;
/** The most points of an HTML page, which carries a text for each. */
export const PAGE_LIMIT = 20_000;
/** The most items a heatmap draws. */
export const HEATMAP_LIMIT = 2_000;
/** The most items a network draws. */
export const NETWORK_LIMIT = 2_000;
/** The most items whose matrix goes into a JSON file. */
export const MATRIX_JSON_LIMIT = 5_000;

export const TEXT_EXTENSIONS = [".txt", ".md", ".markdown"] as const;
export const IMAGE_EXTENSIONS = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".tif", ".tiff"] as const;
/** Pictures that people have but that cannot be decoded here: counted and named, never silently dropped. */
export const UNREADABLE_IMAGE_EXTENSIONS = [".heic", ".heif", ".bmp", ".jxl", ".raw", ".cr2", ".nef", ".psd"] as const;
export const TABLE_EXTENSIONS = [".csv", ".tsv", ".jsonl", ".ndjson", ".json"] as const;
/** Tables and vectors that are no text: what the read-only editor opens. */
export const BINARY_EXTENSIONS = [
  ".npy",
  ".npz",
  ".parquet",
  ".arrow",
  ".feather",
  ".safetensors",
  ".h5",
  ".hdf5",
  ".bytes",
  ".sqlite",
  ".sqlite3",
  ".db",
  ".db3",
  ".xlsx",
] as const;
/** Files of which each line is a word and its vector. */
export const WORD_VECTOR_EXTENSIONS = [".vec"] as const;
