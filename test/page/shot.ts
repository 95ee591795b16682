import type { Panel, PanelOptions } from "./harness";

/** A picture of the panel: what is opened, and what a hand does before it is taken. */
export interface Shot {
  name: string;
  options: PanelOptions;
  act?: (panel: Panel) => Promise<void>;
}

export const at = (x: number, y: number) => (panel: Panel) => panel.page.mouse.move(x, y);

/** What the page keeps over a reload. */
export const look = (change: object) => ({ colorBy: null, selected: [], folded: null, ...change });

/** More labels than colours. */
export const intents = Array.from({ length: 77 }, (_, i) => `intent_number_${i + 1}`);
