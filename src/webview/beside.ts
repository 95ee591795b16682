/** A place in pixels of the page. */
export interface Place {
  x: number;
  y: number;
}

/** Pixels that a tooltip keeps from the sides of the page. */
const EDGE = 4;

/**
 * Where a tooltip stands that leaves free what lies `gap` pixels around the pointer: right of it and below, on the other side where there
 * is no room, and inside the page in any case.
 */
export function beside(
  { x, y }: Place,
  gap: number,
  { width, height }: { width: number; height: number },
  page: { width: number; height: number },
): Place {
  return { x: along(x, gap, width, page.width), y: along(y, gap, height, page.height) };
}

function along(at: number, gap: number, length: number, page: number): number {
  if (at + gap + length <= page) return Math.round(at + gap);
  if (at - gap - length >= EDGE) return Math.round(at - gap - length);
  // Neither side has room: the wider one hides the least.
  return Math.round(Math.max(EDGE, at < page / 2 ? page - length - EDGE : EDGE));
}
