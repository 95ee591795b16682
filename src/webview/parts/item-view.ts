import { shorten } from "../../charts/text";
import { tiesOf } from "../../charts/ties";
import type { Network } from "../../protocol/explore";
import { el, type Child } from "../dom";
import type { Items } from "../items";
import { MOST_TIES, similarityWords, tieWords } from "../words";

const TOOLTIP_LENGTH = 300;
const TOOLTIP_ROWS = 8;
/** Two that are nearly the same are seen side by side. */
const ROW_PICTURES = 2;

/**
 * An item as a tooltip shows it: picture or text, label, source. What has to be fetched comes in when it is there.
 * @param group the name of what it stands with
 */
export function itemCard(items: Items, index: number, group: string | null = null): HTMLElement {
  const label = items.label(index);
  const card = el("div", { class: "card" });
  if (items.kind === "image") card.append(thumbnail(items, index));
  if (items.kind === "text") {
    const text = el("div", { class: "card-text" });
    card.append(text);
    void items.text(index).then((full) => (text.textContent = shorten(full, TOOLTIP_LENGTH)));
  }
  if (label !== null) card.append(el("div", { class: "card-label", text: label }));
  if (group !== null && group !== label) card.append(el("div", { class: "card-label", text: group }));
  const meta = items.meta(index, TOOLTIP_ROWS);
  if (meta.length > 0) card.append(metaTable(meta));
  card.append(el("div", { class: "card-source", text: items.source(index) }));
  return card;
}

/** How many ties an item of the network has, and the strongest of them. */
export function tieCard(items: Items, network: Network, item: number): HTMLElement {
  const ties = tiesOf(network, network.index.indexOf(item));
  return el(
    "div",
    { class: "card" },
    el("div", { text: tieWords(ties.length) }),
    ...ties
      .slice(0, MOST_TIES)
      .map(({ other, weight }) =>
        el(
          "div",
          { class: "card-tie" },
          el("span", { class: "value", text: similarityWords(weight) }),
          itemName(items, network.index[other]!),
        ),
      ),
  );
}

/** Names of columns with the values of an item. */
export function metaTable(rows: readonly { name: string; value: string }[]): HTMLElement {
  return el(
    "dl",
    { class: "meta" },
    ...rows.flatMap(({ name, value }) => [
      el("dt", { text: shorten(name, 40), title: name }),
      el("dd", { text: shorten(value, TOOLTIP_LENGTH) }),
    ]),
  );
}

/** A picture in a box that keeps its place until the picture is there. */
export function thumbnail(items: Items, index: number): HTMLElement {
  const box = el("div", { class: "thumbnail" });
  void items.thumbnail(index).then((url) => {
    if (url) box.append(el("img", { attrs: { src: url, alt: items.path(index), draggable: "false" } }));
    else box.remove();
  });
  return box;
}

/** The pictures of the first items of a row in a list; none where the items are no pictures. */
export const rowThumbnails = (items: Items, indices: readonly number[]): HTMLElement[] =>
  items.kind === "image" ? indices.slice(0, ROW_PICTURES).map((index) => thumbnail(items, index)) : [];

/** The short name of an item, filled in when it is known. */
export function itemName(items: Items, index: number): HTMLElement {
  const name = el("span", { class: "name" });
  void items.name(index).then((text) => {
    name.textContent = shorten(text, 120);
    name.title = shorten(text, TOOLTIP_LENGTH);
  });
  return name;
}

/**
 * A row of a list that leads to items: their pictures, the name of the first, a value, and what there is to say.
 * @param value null for none
 */
export function findingRow(
  items: Items,
  indices: readonly number[],
  value: { text: string; title: string } | null,
  words: readonly Child[],
  onClick: () => void,
): HTMLElement {
  return el(
    "button",
    { class: "finding", attrs: { type: "button" }, on: { click: onClick } },
    ...rowThumbnails(items, indices),
    el(
      "span",
      { class: "finding-words" },
      el(
        "span",
        { class: "finding-head" },
        itemName(items, indices[0]!),
        value && el("span", { class: "value", ...value }),
      ),
      el("small", {}, ...words),
    ),
  );
}
