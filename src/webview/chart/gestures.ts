/** Where the plotting area lies in the element, in pixels. */
export interface Plot {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface GestureListener {
  plot(): Plot | null;
  /** Enlarge by `factor` around a place given as shares of the plot from its left and bottom. */
  zoom(factor: number, at: { x: number; y: number }): void;
  /** Move by shares of the plot, to the right and upwards. */
  pan(by: { x: number; y: number }): void;
  reset(): void;
  /** Pixels from the plot's left top corner. */
  hover(at: { x: number; y: number } | null, event: PointerEvent): void;
  click(at: { x: number; y: number }, event: MouseEvent): void;
  /**
   * A hand draws around what it means, with Shift held: corners in pixels from the plot's left top corner, x and y in turn. Null: given
   * up. Absent: such a drag pans.
   */
  outline?(corners: number[] | null, done: boolean, event: PointerEvent): void;
  /** Outlines are rectangles also without Alt. */
  readonly square?: boolean;
}

interface Press {
  x: number;
  y: number;
  moved: boolean;
  /** The corners of an outline so far; null for a pan. */
  corners: number[] | null;
}

/** A hand that moves less than this has clicked, not dragged. */
const SLOP = 4;

/** A key that drags goes this share of the plot. */
const STEP = 0.05;
const DRAGS: Record<string, { x: number; y: number }> = {
  w: { x: 0, y: STEP },
  a: { x: -STEP, y: 0 },
  s: { x: 0, y: -STEP },
  d: { x: STEP, y: 0 },
};

/** Wheel and pinch zoom, drag and the keys W A S D pan, Shift and drag outlines (with Alt a rectangle), double click resets, keys + − 0. */
export class Gestures {
  #press: Press | null = null;
  readonly #stop = new AbortController();

  constructor(
    private readonly element: HTMLElement,
    private readonly listener: GestureListener,
  ) {
    const on = <K extends keyof HTMLElementEventMap>(
      type: K,
      handler: (event: HTMLElementEventMap[K]) => void,
      passive = true,
    ): void => element.addEventListener(type, handler, { signal: this.#stop.signal, passive });
    on("wheel", (event) => this.#wheel(event), false);
    on("pointerdown", (event) => this.#down(event));
    on("pointermove", (event) => this.#move(event));
    on("pointerup", (event) => this.#up(event));
    on("pointercancel", (event) => this.#giveUp(event));
    on("pointerleave", (event) => listener.hover(null, event));
    on("dblclick", (event) => {
      if (this.#inside(event)) listener.reset();
    });
    on("keydown", (event) => this.key(event));
  }

  destroy(): void {
    this.#stop.abort();
  }

  #place(event: MouseEvent): { x: number; y: number; plot: Plot } | null {
    const plot = this.listener.plot();
    if (!plot) return null;
    const box = this.element.getBoundingClientRect();
    return { x: event.clientX - box.left - plot.left, y: event.clientY - box.top - plot.top, plot };
  }

  #inside(event: MouseEvent): boolean {
    const at = this.#place(event);
    return at !== null && at.x >= 0 && at.y >= 0 && at.x <= at.plot.width && at.y <= at.plot.height;
  }

  #wheel(event: WheelEvent): void {
    const at = this.#place(event);
    if (!at || !this.#inside(event)) return;
    event.preventDefault();
    const pixels = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
    const factor = Math.exp(-Math.max(-200, Math.min(200, pixels)) * (event.ctrlKey ? 0.01 : 0.002));
    this.listener.zoom(factor, { x: at.x / at.plot.width, y: 1 - at.y / at.plot.height });
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const at = this.#place(event);
    const outlines = event.shiftKey && this.listener.outline && at && this.#inside(event);
    const corners = outlines ? [at.x, at.y] : null;
    this.#press = { x: event.clientX, y: event.clientY, moved: false, corners };
  }

  #move(event: PointerEvent): void {
    const press = this.#press;
    const at = this.#place(event);
    if (!at) return;
    if (!press || (event.buttons & 1) === 0) {
      this.#press = null;
      this.listener.hover(at, event);
      return;
    }
    const dx = event.clientX - press.x;
    const dy = event.clientY - press.y;
    if (!press.moved && Math.hypot(dx, dy) < SLOP) return;
    if (!press.moved) {
      press.moved = true;
      this.element.setPointerCapture(event.pointerId);
      this.element.classList.add(press.corners ? "outlining" : "dragging");
      this.listener.hover(null, event);
    }
    if (press.corners) return this.#draw(press.corners, at, event);
    press.x = event.clientX;
    press.y = event.clientY;
    this.listener.pan({ x: dx / at.plot.width, y: -dy / at.plot.height });
  }

  #up(event: PointerEvent): void {
    const press = this.#press;
    this.#press = null;
    this.element.classList.remove("dragging", "outlining");
    const at = this.#place(event);
    if (press?.moved && press.corners) this.listener.outline?.(press.corners, true, event);
    else if (press && !press.moved && at) this.listener.click(at, event);
  }

  #giveUp(event: PointerEvent): void {
    if (this.#press?.corners) this.listener.outline?.(null, true, event);
    this.#press = null;
    this.element.classList.remove("dragging", "outlining");
  }

  /** A rectangle from the first corner with Alt held or where there is nothing else, else freely. */
  #draw(corners: number[], at: { x: number; y: number; plot: Plot }, event: PointerEvent): void {
    const x = Math.max(0, Math.min(at.plot.width, at.x));
    const y = Math.max(0, Math.min(at.plot.height, at.y));
    const [x0, y0] = corners as [number, number];
    if (event.altKey || this.listener.square) corners.splice(2, Infinity, x, y0, x, y, x0, y);
    else if (Math.hypot(x - corners.at(-2)!, y - corners.at(-1)!) >= 3) corners.push(x, y);
    this.listener.outline?.(corners, false, event);
  }

  /** Also for keys that come to what holds the element. */
  key(event: KeyboardEvent): void {
    const middle = { x: 0.5, y: 0.5 };
    if (event.ctrlKey || event.metaKey || event.altKey || !this.listener.plot()) return;
    const by = DRAGS[event.key.toLowerCase()];
    if (by) this.listener.pan(by);
    else if (event.key === "+" || event.key === "=") this.listener.zoom(1.25, middle);
    else if (event.key === "-") this.listener.zoom(0.8, middle);
    else if (event.key === "0") this.listener.reset();
    else return;
    event.preventDefault();
  }
}
