/** What is used of yauzl: a file of its own in the bundle, loaded with the first archive. */
export { fromRandomAccessReader, RandomAccessReader } from "yauzl";
