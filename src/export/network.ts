import type { Network } from "../protocol/explore";
import type { RunResult } from "../protocol/result";
import { itemCells, itemNames, numberCell } from "./csv";
import { fieldsText, listOf, type Field } from "./fields";
import { resultItem } from "./items";
import { significant } from "./numbers";

/**
 * A network as the text of a JSON file, in pieces: its settings, its items as `nodes`, each with its number from 0, and
 * its ties as `edges` between these numbers. x and y are there where
 * it was laid out. D3 reads it as it is, networkx as `node_link_graph(data, name="node", edges="edges")`.
 * @param texts of all items of the result, null for pictures and vectors without texts
 */
export const networkJson = (result: RunResult, network: Network, texts: readonly string[] | null): Generator<string> =>
  fieldsText(fieldsOf(result, network, texts));

function* fieldsOf(
  { items, model, recipe }: RunResult,
  { settings, index, x, y, source, target, weight, total }: Network,
  texts: readonly string[] | null,
): Generator<[string, Field]> {
  yield ["version", { plain: 1 }];
  yield ["model", { plain: { id: model.id, dims: model.dims, tensor: model.tensor } }];
  // Coordinates alone are compared by their distances, whatever the recipe says.
  yield ["metric", { plain: model.id === "coordinates" ? "euclidean" : recipe.metric }];
  yield ["k", { plain: settings.k }];
  yield ["threshold", { plain: settings.threshold }];
  yield ["total", { plain: total }];
  const node = (at: number): object => {
    const i = index[at]!;
    const place = x.length > 0 ? { x: significant(x[at]!), y: significant(y[at]!) } : {};
    return { node: at, ...resultItem(items, i, texts?.[i]), ...place };
  };
  const edge = (at: number): object => ({
    source: source[at]!,
    target: target[at]!,
    similarity: significant(weight[at]!),
  });
  yield ["nodes", { list: listOf(index.length, node) }];
  yield ["edges", { list: listOf(source.length, edge) }];
}

/**
 * The ties of a network as CSV like `csvText`, in pieces: source, target (the numbers of the items, from 0), similarity,
 * and what both items are (id, label, path, line or row, text; those of the target end in 2).
 */
export function* networkCsv(
  { items }: RunResult,
  { index, source, target, weight }: Network,
  texts: readonly string[] | null,
): Generator<string> {
  const names = itemNames(items);
  yield `source,target,similarity,${[...names, ...names.map((name) => `${name}2`)].join(",")}\r\n`;
  for (let at = 0; at < source.length; at++) {
    const ends = [source[at]!, target[at]!];
    const cells = ends.flatMap((end) => itemCells(items, index[end]!, texts));
    yield `${[...ends.map(String), numberCell(weight[at]), ...cells].join(",")}\r\n`;
  }
}
