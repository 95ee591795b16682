/**
 * What the command line already names but cannot do yet, as [option, value]: refused with exit status 2, never ignored.
 * Whoever builds one of these takes it off this list.
 */
const NOT_BUILT: readonly [option: string, value: string][] = [["as", "vectors"]];

/** Options of which no value works yet. */
const NOT_BUILT_AT_ALL: readonly string[] = ["vector"];

/** The sentence that refuses an option, or null when it is built. */
export function unbuilt(option: string, value: string): string | null {
  if (NOT_BUILT_AT_ALL.includes(option)) return `--${option} is not built yet.`;
  const listed = NOT_BUILT.some(([name, refused]) => name === option && refused === value);
  return listed ? `--${option} ${value} is not built yet.` : null;
}
