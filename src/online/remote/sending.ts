import type { Sending } from "../../protocol/engine";

const count = (n: number): string => n.toLocaleString("en-US");

/** "embed-v4.0 sends 12 texts (about 300 tokens, an estimate) to api.cohere.com; 8 vectors are here already" */
export function sendingSentence({ name, host, texts, tokens, cached, kept }: Sending): string {
  const here = cached > 0 ? `; ${count(cached)} vectors are here already and are not asked for again` : "";
  const lost = kept ? "" : "; what comes back cannot be kept for later runs";
  const what = texts === 1 ? "1 text" : `${count(texts)} texts`;
  return `${name} sends ${what} (about ${count(tokens)} tokens, an estimate) to ${host}${here}${lost}`;
}
