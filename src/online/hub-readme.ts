import type { ModelCard } from "../protocol/models";

/** What the head of a model's README.md says of it. */
export type ReadmeFacts = Partial<Pick<ModelCard, "licence" | "languages" | "trainedOn">>;

const LONGEST = 200;

/**
 * Reads the head of a hub README.md: lines of YAML between two lines "---", of which only plain values and plain lists are
 * understood. What is not there is left out.
 */
export function readmeFacts(readme: string | null): ReadmeFacts {
  const head = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---/.exec(readme ?? "")?.[1];
  if (head === undefined) return {};
  const values = yamlLists(head);
  const [licence] = values.get("license_name") ?? values.get("license") ?? [];
  const languages = values.get("language") ?? [];
  const trainedOn = (values.get("datasets") ?? []).join(", ");
  return {
    ...(licence === undefined ? {} : { licence: licence.slice(0, LONGEST) }),
    ...(languages.length > 0 ? { languages } : {}),
    ...(trainedOn === "" ? {} : { trainedOn: trainedOn.slice(0, LONGEST) }),
  };
}

/** The keys of the first level, each with its value or its list of values. */
function yamlLists(head: string): Map<string, string[]> {
  const lists = new Map<string, string[]>();
  let open: string[] | null = null;
  for (const line of head.split(/\r?\n/)) {
    const entry = /^\s*-\s+(.+?)\s*$/.exec(line)?.[1];
    const [, key, value] = /^([\w-]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) {
      const inline = /^\[(.*)\]$/.exec(value)?.[1];
      const items = inline === undefined ? [value] : inline.split(",");
      lists.set(key, (open = items.map(plain).filter((item) => item !== "")));
    } else if (entry !== undefined) open?.push(plain(entry));
    else if (!/^\s*(#|$)/.test(line)) open = null;
  }
  return lists;
}

const plain = (value: string): string => value.trim().replace(/^(["'])(.*)\1$/, "$2");
