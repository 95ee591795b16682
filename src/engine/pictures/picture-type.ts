const starts = (bytes: Uint8Array, text: string, at = 0): boolean =>
  Array.from(text).every((character, i) => bytes[at + i] === character.charCodeAt(0));

/** The kind of picture that bytes are by their start, null when they are none that can be read. */
export function pictureType(bytes: Uint8Array): "jpg" | "png" | "gif" | "webp" | "avif" | "tif" | null {
  if (starts(bytes, "\xff\xd8\xff")) return "jpg";
  if (starts(bytes, "\x89PNG\r\n\x1a\n")) return "png";
  if (starts(bytes, "GIF87a") || starts(bytes, "GIF89a")) return "gif";
  if (starts(bytes, "RIFF") && starts(bytes, "WEBP", 8)) return "webp";
  if (starts(bytes, "ftypavi", 4)) return "avif";
  return starts(bytes, "II*\0") || starts(bytes, "MM\0*") ? "tif" : null;
}
