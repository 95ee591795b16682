/** Disjoint sets with path halving; the root is the smallest member. */
export class Forest {
  private readonly parent: Int32Array;

  constructor(count: number) {
    this.parent = Int32Array.from({ length: count }, (_, i) => i);
  }

  find(item: number): number {
    const { parent } = this;
    let at = item;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  }

  /** @returns whether they were apart */
  join(a: number, b: number): boolean {
    const rootA = this.find(a);
    const rootB = this.find(b);
    if (rootA === rootB) return false;
    this.parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
    return true;
  }
}
