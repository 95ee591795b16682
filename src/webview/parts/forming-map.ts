import { mapData, type MapData } from "../../charts/data";
import { pointLook } from "../../charts/layer";
import type { ChartTheme } from "../../charts/theme";
import { FIRST_TURN, turned } from "../../charts/turn";
import { fitViewport, type Size } from "../../charts/viewport";
import type { Forming } from "../../protocol/engine";
import type { RunResult } from "../../protocol/result";
import { ImagePoints } from "../chart/points-image";
import { el } from "../dom";
import { colorByOf, type Shown } from "../state";

/** A map that is still forming: its points alone over the chart, in the colours of the last result where the items are the same. */
export class FormingMap {
  readonly element = el("div", { class: "forming", id: "forming", hidden: true });
  readonly #points = new ImagePoints();
  #drawn: Forming | null = null;

  constructor() {
    this.element.append(this.#points.element);
  }

  /** @param covered pixels at the top that the progress lies over */
  update(shown: Shown, theme: ChartTheme, whole: Size, covered: number): void {
    const forming = shown.view === "map" ? shown.forming : null;
    this.element.hidden = forming === null;
    const size = { width: whole.width, height: whole.height - covered };
    if (forming === null || forming === this.#drawn || size.width < 20 || size.height < 20) return;
    this.#drawn = forming;
    this.element.style.top = `${covered}px`;
    const data = turned(dataOf(forming, shown), FIRST_TURN);
    const viewport = fitViewport(data.x, data.y, size);
    const look = pointLook(data, { theme, focus: -1, viewport, whole: viewport });
    const dense = window.devicePixelRatio;
    const [width, height] = [Math.round(size.width * dense), Math.round(size.height * dense)];
    this.#points.draw({ data, viewport, look, width, height, dense });
  }
}

function dataOf({ x, y, z }: Forming, shown: Shown): MapData {
  const { result, recipe } = shown;
  if (result && result.items.count === x.length && sameSource(result, recipe)) {
    const { z: _, ...rest } = result;
    const formed: RunResult = { ...rest, x, y, ...(z && { z }), axes: [] };
    return mapData(formed, colorByOf(shown), { title: "" });
  }
  const index = Int32Array.from(x.keys());
  const category = new Int32Array(x.length);
  return {
    ...{ title: "", axes: ["", ""], ticks: false, colorTitle: null, categories: [] },
    ...{ index, x, y, ...(z && { z }), category, total: x.length },
  };
}

const sameSource = (result: RunResult, recipe: Shown["recipe"]): boolean =>
  JSON.stringify([result.recipe.source, result.recipe.seed]) === JSON.stringify([recipe.source, recipe.seed]);
