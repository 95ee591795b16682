import type * as H5 from "h5wasm/node";
import { LensError } from "../../../protocol/errors";

export type H5File = H5.File;
export type H5Group = H5.Group;
export type H5Dataset = H5.Dataset;

let loading: Promise<typeof H5> | null = null;

/** HDF5 itself, compiled to WebAssembly; loaded when the first such file is opened. */
export function loadHdf5(): Promise<typeof H5> {
  loading ??= import("h5wasm/node").then(async (library) => {
    await library.ready;
    return library;
  });
  return loading;
}

/** The text of an attribute, null when there is none. */
export function attribute(entity: { attrs: Record<string, H5.Attribute> }, name: string): string | null {
  const value = entity.attrs[name]?.value;
  if (value === undefined || value === null) return null;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint" ? String(value) : null;
}

/** The filters that a data set was written with and that were not unpacked here. */
export const failedRead = (path: string, dataset: H5Dataset, error: unknown): LensError => {
  const names = dataset.filters.map(({ name }) => name).filter((name) => name !== "");
  const how = names.length > 0 ? `, written with ${names.join(", ")},` : "";
  return new LensError(
    "source",
    `${path}: the data set “${dataset.path}”${how} cannot be read. If it is packed with Blosc or LZF, write it with gzip; else the file may be cut off.`,
    { cause: error },
  );
};
