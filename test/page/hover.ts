import type { Panel } from "./harness";

/** Moves the pointer over the chart until something is under it. */
export async function hover({ page }: Panel): Promise<{ x: number; y: number }> {
  const box = (await page.locator("#chart").boundingBox())!;
  const tooltip = page.locator("#lens-tooltip");
  for (let y = box.y + 50; y < box.y + box.height - 40; y += 16) {
    for (let x = box.x + 40; x < box.x + box.width - 20; x += 16) {
      await page.mouse.move(x, y);
      if (await tooltip.isVisible()) return { x, y };
    }
  }
  throw new Error("nothing on the chart can be hovered");
}
