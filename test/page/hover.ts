import type { Page } from "playwright-core";

/**
 * Moves the pointer onto an item of the chart. Where one is, the page itself finds out by events that no hand has made: each move of
 * the real pointer crosses three processes, and a search takes hundreds. Then the pointer goes there and has to meet the item too.
 * @param area what to look in
 */
export async function hover(page: Page, area = "#chart"): Promise<{ x: number; y: number }> {
  const at = await page.evaluate<{ x: number; y: number } | null>(`(() => {
    const { left, top, right, bottom } = document.querySelector(${JSON.stringify(area)}).getBoundingClientRect();
    const tooltip = document.querySelector("#lens-tooltip");
    for (let y = top + 20; y < bottom - 40; y += 8) {
      for (let x = left + 20; x < right - 20; x += 12) {
        const tell = (type) =>
          document.elementFromPoint(x, y).dispatchEvent(new PointerEvent(type, { bubbles: true, clientX: x, clientY: y }));
        tell("pointermove");
        if (tooltip.hidden) continue;
        tell("pointerleave");
        return { x, y };
      }
    }
    return null;
  })()`);
  if (!at) throw new Error(`nothing in ${area} can be hovered`);
  const tooltip = page.locator("#lens-tooltip");
  await tooltip.waitFor({ state: "hidden" });
  await page.mouse.move(at.x, at.y);
  await tooltip.waitFor();
  return at;
}
