import type { HeatmapPlace } from "../chart/heatmap-chart";
import { el } from "../dom";
import type { Items } from "../items";
import { groupWords, similarityWords } from "../words";
import { itemCard } from "./item-view";

/** What a place of the heatmap says in a tooltip: two items and how similar they are, one item, or a group. */
export function placeCards(items: Items, place: HeatmapPlace): Node[] {
  switch (place.kind) {
    case "group":
      return [
        el("div", { class: "card-label", text: place.group.name }),
        el("div", { class: "card-source", text: groupWords(place.group) }),
      ];
    case "label":
      return [itemCard(items, place.item, place.group)];
    case "cell": {
      const { row, col, value, groups } = place;
      return [
        el(
          "div",
          { class: "card-pair" },
          el("span", { text: row === col ? "Similarity to itself" : "Similarity" }),
          el("span", { class: "card-value", text: similarityWords(value) }),
        ),
        itemCard(items, row, groups?.[0]),
        ...(row === col ? [] : [itemCard(items, col, groups?.[1])]),
      ];
    }
  }
}
