import type { ColumnDecoder, FileMetaData, SchemaTree } from "hyparquet/src/types.js";
import { CODECS } from "./codecs";
import {
  DEFAULT_PARSERS,
  getMaxDefinitionLevel,
  getMaxRepetitionLevel,
  getTreePath,
  isListLike,
  isMapLike,
  parquetSchema,
} from "./parquet-library";

/** A physical column: a value a row, or a list of values when something above it repeats. */
export interface Leaf {
  /** The field's name, "outer.inner" within a record; without the layers that Parquet adds for lists. */
  name: string;
  path: string[];
  /** The definition level of a value that is there. */
  maxDefinition: number;
  maxRepetition: number;
  /** Whether elements of the list may be null. */
  nullElements: boolean;
  decoder: Omit<ColumnDecoder, "codec">;
}

/** The physical columns of a file in the order of its schema. */
export function leavesOf(metadata: FileMetaData): Leaf[] {
  const root = parquetSchema(metadata);
  const leaves: Leaf[] = [];
  const visit = (node: SchemaTree): void => {
    if (node.children.length > 0) for (const child of node.children) visit(child);
    else leaves.push(leafOf(root, node));
  };
  for (const child of root.children) visit(child);
  return leaves;
}

function leafOf(root: SchemaTree, node: SchemaTree): Leaf {
  const schemaPath = getTreePath(root, node.path);
  const { element } = node;
  return {
    name: fieldNames(schemaPath).join("."),
    path: node.path,
    maxDefinition: getMaxDefinitionLevel(schemaPath),
    maxRepetition: getMaxRepetitionLevel(schemaPath),
    nullElements: element.repetition_type === "OPTIONAL",
    decoder: {
      pathInSchema: node.path,
      type: element.type ?? "BYTE_ARRAY",
      element,
      schemaPath,
      parsers: DEFAULT_PARSERS,
      compressors: CODECS,
      utf8: false,
    },
  };
}

function fieldNames(schemaPath: readonly SchemaTree[]): string[] {
  const names: string[] = [];
  for (let i = 1; i < schemaPath.length; i++) {
    const parent = schemaPath[i - 1]!;
    const node = schemaPath[i]!;
    const grand = schemaPath[i - 2];
    if (isListLike(parent) || isMapLike(parent)) continue;
    if (grand && isListLike(grand) && parent.children.length === 1) continue;
    names.push(node.element.name);
  }
  return names;
}
