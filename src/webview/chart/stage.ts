import type { Spec } from "vega";
import { el } from "../dom";
import { draw, type Drawn } from "./vega";

/** Holds one drawn chart and swaps it for the next when that is ready, so that nothing flickers. */
export class Stage {
  #drawn: Drawn | null = null;
  #place: HTMLElement | null = null;
  #version = 0;
  /** A frame has been asked for. */
  #pending = false;
  /** The view has something new to draw. */
  #stale = false;

  constructor(
    private readonly element: HTMLElement,
    /** Called when the view is drawn anew, for what lies over it. */
    private readonly onDraw: () => void = () => undefined,
  ) {}

  get view(): Drawn["view"] | null {
    return this.#drawn?.view ?? null;
  }

  /** Draws a spec; false when a later one has overtaken it. */
  async show(spec: Spec): Promise<boolean> {
    const version = ++this.#version;
    const place = el("div", { class: "canvas" });
    const drawn = await draw(place, spec);
    if (version !== this.#version) {
      drawn.destroy();
      return false;
    }
    this.#drawn?.destroy();
    this.#place?.remove();
    this.element.prepend(place);
    this.#drawn = drawn;
    this.#place = place;
    this.onDraw();
    return true;
  }

  /**
   * Draws the view's new signals and data with the next frame, however often it is asked.
   * @param view false when only what lies over the view has changed
   */
  refresh(view = true): void {
    this.#stale ||= view;
    if (this.#pending) return;
    this.#pending = true;
    requestAnimationFrame(() => {
      this.#pending = false;
      if (this.#stale) void this.#drawn?.view.runAsync();
      this.#stale = false;
      if (this.#drawn) this.onDraw();
    });
  }

  clear(): void {
    this.#version++;
    this.#drawn?.destroy();
    this.#place?.remove();
    this.#drawn = null;
    this.#place = null;
  }
}
