/** What is used of saxes: a file of its own in the bundle, loaded with the first Excel workbook. */
export { SaxesParser } from "saxes";
