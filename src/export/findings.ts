import { doubtfulWords, duplicateWords, outlierWords } from "../charts/reasons";
import type { Anomalies } from "../protocol/explore";
import type { RunResult } from "../protocol/result";
import { fieldsText, listOf, withSignificant, type Field } from "./fields";
import { resultItem } from "./items";

/**
 * What is worth a second look as the text of a JSON file, in pieces: near-duplicates in groups, outliers, and items among
 * items of another label, each list with the worst first, a score and a reason.
 * @param texts of all items of the result, null for pictures and vectors without texts
 */
export const findingsJson = (
  result: RunResult,
  findings: Anomalies,
  texts: readonly string[] | null,
): Generator<string> => fieldsText(fieldsOf(result, findings, texts));

function* fieldsOf(
  { items, model }: RunResult,
  { k, threshold, duplicates, outliers, doubtful }: Anomalies,
  texts: readonly string[] | null,
): Generator<[string, Field]> {
  const item = (i: number): object => resultItem(items, i, texts?.[i]);
  const label = (at: number): string => items.labels[at] ?? "";
  const list = <T>(all: readonly T[], entry: (one: T) => object): Field => ({
    list: listOf(all.length, (at) => entry(all[at]!)),
  });
  yield ["version", { plain: 1 }];
  yield ["model", { plain: { id: model.id, dims: model.dims, tensor: model.tensor } }];
  yield ["items", { plain: items.count }];
  yield ["k", { plain: k }];
  yield ["threshold", { plain: threshold }];
  yield [
    "duplicates",
    list(duplicates, (group) => ({
      exact: group.exact,
      ...withSignificant({ similarity: group.similarity }),
      reason: duplicateWords(group),
      items: group.items.map(item),
    })),
  ];
  yield [
    "outliers",
    list(outliers, (outlier) => ({
      score: finite(outlier.score),
      times: finite(outlier.times),
      reason: outlierWords(outlier),
      ...item(outlier.index),
    })),
  ];
  yield [
    "doubtful",
    list(doubtful, (one) => ({
      ...withSignificant({ share: one.share }),
      suggested: items.labels[one.label] ?? null,
      votes: one.votes,
      of: one.of,
      reason: doubtfulWords(one, label(items.label[one.index] ?? -1), label(one.label)),
      ...item(one.index),
    })),
  ];
}

/** Null for what is beyond all measure: others have no distance at all. */
const finite = (value: number): number | null => (Number.isFinite(value) ? withSignificant(value) : null);
