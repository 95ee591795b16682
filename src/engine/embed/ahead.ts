/**
 * Yields `work` of each item in the items' order, with the next `ahead` already started.
 * `work` must not reject: a promise that is not yet awaited would bring the process down.
 */
export async function* inOrderAhead<T, R>(
  items: readonly T[],
  ahead: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const started: Promise<R>[] = [];
  for (let next = 0, done = 0; done < items.length; done++) {
    while (next < items.length && next <= done + ahead) started.push(work(items[next++]!));
    yield await started.shift()!;
  }
}
