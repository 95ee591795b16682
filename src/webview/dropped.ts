/** What VS Code's explorer and file managers call the addresses of dragged files, best first. */
export const DROP_TYPES = ["application/vnd.code.uri-list", "text/uri-list", "resourceurls", "codefiles"] as const;

/** The addresses in a drag; empty when it names none (a file from elsewhere that VS Code does not know). */
export function droppedUris(data: { getData(type: string): string }): string[] {
  for (const type of DROP_TYPES) {
    const uris = urisIn(data.getData(type));
    if (uris.length > 0) return uris;
  }
  return [];
}

/** A list of lines (RFC 2483), or a JSON list of addresses or absolute paths. */
function urisIn(text: string): string[] {
  const lines = text.trim().startsWith("[") ? strings(text) : text.split(/[\r\n]+/);
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => (line.startsWith("/") ? `file://${encodeURI(line).replace(/[?#]/g, encodeURIComponent)}` : line));
}

function strings(json: string): string[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
  } catch {
    return [];
  }
}
