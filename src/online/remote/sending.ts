import type { Sending } from "../../protocol/engine";

const count = (n: number): string => n.toLocaleString("en-US");

/** "1 text", "1,200 pictures" */
export function sentWords({ texts, pictures }: Pick<Sending, "texts" | "pictures">): string {
  return `${count(texts)} ${pictures ? "picture" : "text"}${texts === 1 ? "" : "s"}`;
}

/** "embed-v4.0 sends 12 texts (about 300 tokens, an estimate) to api.cohere.com; 8 vectors are here already" */
export function sendingSentence({ name, host, texts, pictures, tokens, cached, kept }: Sending): string {
  const here = cached > 0 ? `; ${count(cached)} vectors are here already and are not asked for again` : "";
  const lost = kept ? "" : "; what comes back cannot be kept for later runs";
  const what = pictures
    ? sentWords({ texts, pictures })
    : `${sentWords({ texts })} (about ${count(tokens)} tokens, an estimate)`;
  return `${name} sends ${what} to ${host}${here}${lost}`;
}
