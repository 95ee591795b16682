import type { ColumnDecoder, DecodedArray } from "hyparquet/src/types.js";
import type { Cell } from "../cells";
import type { Leaf } from "./leaf";
import { convert } from "./parquet-library";
import type { PageValues } from "./values";

/**
 * Picks the wanted rows out of the pages of one column chunk, in order. A row of a list may go on in the next page.
 */
export class RowPicker {
  /** Rows that have begun. */
  private row = 0;
  private next = 0;
  private readonly pending: Cell[] = [];
  private open = false;

  /**
   * @param wanted rows of the chunk from 0, ascending
   * @param push called with the cell of each wanted row, in order
   */
  constructor(
    private readonly leaf: Leaf,
    private readonly decoder: ColumnDecoder,
    private readonly wanted: Int32Array,
    private readonly push: (cell: Cell) => void,
  ) {}

  /** Whether no wanted row is left. */
  get done(): boolean {
    return this.next >= this.wanted.length && !this.open;
  }

  /** Whether one of the next `rows` rows is wanted, or a row that has begun may go on. */
  needs(rows: number): boolean {
    return this.open || (this.wanted[this.next] ?? Infinity) < this.row + rows;
  }

  skip(rows: number): void {
    this.row += rows;
  }

  add(page: PageValues, dictionary: DecodedArray | undefined): void {
    if (this.leaf.maxRepetition === 0) this.addFlat(page, dictionary);
    else this.addLists(page, dictionary);
  }

  /** No page is left. */
  end(): void {
    if (this.open) this.finishList();
  }

  private addFlat({ count, definition, values, coded }: PageValues, dictionary: DecodedArray | undefined): void {
    const { maxDefinition } = this.leaf;
    const picked: number[] = [];
    const there: boolean[] = [];
    let value = 0;
    for (let i = 0; i < count && this.next < this.wanted.length; i++) {
      const isThere = definition.length === 0 || definition[i] === maxDefinition;
      if (this.row + i === this.wanted[this.next]) {
        if (isThere) picked.push(value);
        there.push(isThere);
        this.next++;
      }
      if (isThere) value++;
    }
    const cells = this.shown(values, picked, coded, dictionary);
    let at = 0;
    for (const isThere of there) this.push(isThere ? cells[at++] : null);
    this.row += count;
  }

  private addLists(
    { count, definition, repetition, values, coded }: PageValues,
    dictionary: DecodedArray | undefined,
  ): void {
    const { maxDefinition, nullElements } = this.leaf;
    const dense = definition.length === 0;
    let value = 0;
    let from = 0;
    const flush = (): void => {
      if (this.open && value > from) this.gather(values, from, value, coded, dictionary);
    };
    for (let i = 0; i < count; i++) {
      if (repetition[i] === 0) {
        flush();
        if (this.open) this.finishList();
        if (this.next >= this.wanted.length) break;
        this.open = this.row === this.wanted[this.next];
        this.row++;
        from = value;
      }
      if (dense || definition[i] === maxDefinition) value++;
      else if (nullElements && definition[i] === maxDefinition - 1) {
        flush();
        from = value;
        if (this.open) this.pending.push(null);
      }
    }
    flush();
  }

  private gather(
    values: DecodedArray,
    from: number,
    to: number,
    coded: boolean,
    dictionary: DecodedArray | undefined,
  ): void {
    const part = values.slice(from, to);
    const cells =
      coded && dictionary
        ? Array.from(part as ArrayLike<number>, (code) => dictionary[code] as Cell)
        : convert(part, this.decoder);
    for (let i = 0; i < cells.length; i++) this.pending.push(cells[i]);
  }

  private finishList(): void {
    this.push(this.pending.length === 0 ? null : this.pending.slice());
    this.pending.length = 0;
    this.open = false;
    this.next++;
  }

  private shown(
    values: DecodedArray,
    at: readonly number[],
    coded: boolean,
    dictionary: DecodedArray | undefined,
  ): ArrayLike<Cell> {
    const picked = at.map((i) => values[i] as Cell);
    if (coded && dictionary) return picked.map((code) => dictionary[code as number] as Cell);
    return convert(picked, this.decoder);
  }
}
