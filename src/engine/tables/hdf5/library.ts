import type * as H5 from "h5wasm/node";
import { LensError } from "../../../protocol/errors";

export type H5File = H5.File;
export type H5Group = H5.Group;
export type H5Dataset = H5.Dataset;

/** The part of the library that is used. */
export type Library = Pick<typeof H5, "Dataset" | "File" | "Group" | "ready">;

let loading: Promise<Library> | null = null;

/** HDF5 itself, compiled to WebAssembly; loaded when the first such file is opened. */
export function loadHdf5(): Promise<Library> {
  loading ??= import("./hdf5-wasm").then(async ({ hdf5 }) => {
    const library = await hdf5();
    // Without it a block that cannot be unpacked comes as whatever was in memory.
    (await library.ready).activate_throwing_error_handler();
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

/** Filters that HDF5 unpacks by itself: deflate, shuffle, Fletcher-32, n-bit and scale-offset. */
const KNOWN_FILTERS = new Set([1, 2, 3, 5, 6]);

/** @throws LensError "source" for a data set that is packed in a way that cannot be unpacked, by name */
export function checkFilters(path: string, dataset: H5Dataset): void {
  const unknown = dataset.filters.find(({ id }) => !KNOWN_FILTERS.has(id));
  if (!unknown) return;
  const name = unknown.name || `filter ${unknown.id}`;
  throw new LensError(
    "source",
    `${path}: the data set “${dataset.path}” is packed with ${name}, which cannot be unpacked. Write it with gzip (zlib).`,
  );
}

/** The sentence for a data set that cannot be read. */
export const failedRead = (path: string, dataset: H5Dataset, error: unknown): LensError =>
  new LensError(
    "source",
    `${path}: the data set “${dataset.path}” cannot be read (${error instanceof Error ? error.message : String(error)}).`,
    { cause: error },
  );
