/** Words of a text as the vocabulary knows them. */
export function wordsOf(text: string, isKnown: (word: string) => boolean): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter(isKnown);
}
