import type { ColumnDecoder, DecodedArray } from "hyparquet/src/types.js";
import type { Leaf } from "./leaf";
import { convert, decompressPage, readDataPage, readDataPageV2, readPlain } from "./parquet-library";
import type { Page } from "./pages";

/** The values of a data page with their levels (Dremel): `definition` is empty when every value is there, `repetition` without lists. */
export interface PageValues {
  count: number;
  definition: ArrayLike<number>;
  repetition: ArrayLike<number>;
  values: DecodedArray;
  /** Whether the values are positions in the chunk's dictionary. */
  coded: boolean;
}

/** The dictionary of a chunk, with its values as they are shown. */
export function readDictionary(page: Page, decoder: ColumnDecoder): DecodedArray {
  const { header, bytes } = page;
  const plain = decompressPage(bytes, header.uncompressed_page_size, decoder.codec, decoder.compressors);
  const reader = { view: new DataView(plain.buffer, plain.byteOffset, plain.byteLength), offset: 0 };
  const count = header.dictionary_page_header?.num_values ?? 0;
  return convert(readPlain(reader, decoder.type, count, decoder.element.type_length), decoder);
}

/** Rows of a data page, as far as its header tells; null when it has to be unpacked for that. */
export function rowsOfPage({ header }: Page, leaf: Leaf): number | null {
  if (header.data_page_header_v2) return header.data_page_header_v2.num_rows;
  return leaf.maxRepetition === 0 ? (header.data_page_header?.num_values ?? null) : null;
}

/** Unpacks a data page. @throws Error when it is broken */
export function readValues({ header, bytes }: Page, decoder: ColumnDecoder): PageValues {
  const v1 = header.data_page_header;
  const v2 = header.data_page_header_v2;
  if (v2) {
    const { definitionLevels, repetitionLevels, dataPage } = readDataPageV2(bytes, header, decoder);
    return {
      count: v2.num_values,
      definition: definitionLevels ?? [],
      repetition: repetitionLevels,
      values: dataPage,
      coded: v2.encoding.endsWith("_DICTIONARY"),
    };
  }
  if (!v1) throw new Error("a page without a header");
  const plain = decompressPage(bytes, header.uncompressed_page_size, decoder.codec, decoder.compressors);
  const { definitionLevels, repetitionLevels, dataPage } = readDataPage(plain, v1, decoder);
  return {
    count: v1.num_values,
    definition: definitionLevels ?? [],
    repetition: repetitionLevels,
    values: dataPage,
    coded: v1.encoding.endsWith("_DICTIONARY"),
  };
}
