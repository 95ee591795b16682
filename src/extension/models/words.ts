import type { ModelCard, ModelInfo } from "../../protocol/models";

/** What the list of models says of one: three lines of plain text. */
export interface ModelWords {
  label: string;
  description: string;
  detail: string;
}

const LANGUAGES_SHOWN = 4;

/** @param isDefault whether new maps start with it */
export function modelWords(info: ModelInfo, isDefault: boolean): ModelWords {
  const { card } = info;
  const parts = [
    card.text === undefined ? (card.kind === "image" ? "pictures" : "texts") : "pictures and texts",
    card.kind === "text" || card.text ? languages(card.languages) : null,
    card.dims > 0 ? `${card.dims.toLocaleString("en-US")} dimensions` : null,
    info.state === "remote" ? `runs on ${card.source}` : "runs on this machine",
    info.state === "remote" ? null : `licence: ${card.licence}`,
  ];
  return {
    label: card.name,
    description: [stateWords(info), isDefault ? "default" : null].filter((part) => part !== null).join(" · "),
    detail: parts.filter((part) => part !== null).join(" · "),
  };
}

function stateWords({ card, state, bytes }: ModelInfo): string {
  switch (state) {
    case "builtin":
      return "built in";
    case "installed":
      return `installed, ${megabytes(sizeOf(card))}`;
    case "absent":
      return `${megabytes(bytes)} download`;
    case "remote":
      return "on a server";
  }
}

function languages(names: readonly string[] | undefined): string | null {
  if (names === undefined || names.length === 0) return null;
  return names.length > LANGUAGES_SHOWN ? `${names.length} languages` : names.map(nameOf).join(", ");
}

/** "en" is English; what is no code of a language stays as it is. */
function nameOf(language: string): string {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(language) ?? language;
  } catch {
    return language;
  }
}

/** Bytes of a model's files. */
export const sizeOf = ({ files }: Pick<ModelCard, "files">): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

/** "3.7 MB" */
export const megabytes = (bytes: number): string =>
  bytes > 0 && bytes < 50_000 ? "under 0.1 MB" : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
