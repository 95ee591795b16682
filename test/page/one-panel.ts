import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { Panels, type Panel, type PanelOptions } from "./harness";

export interface OnePanelOptions {
  /** With the software's WebGL. */
  webgl?: boolean;
  /** Words of console messages that only a test causes. */
  ignored?: string;
  /** What else has to be so at the end of a test. */
  also?: (panel: Panel) => Promise<void>;
}

/**
 * What tests of the page share: a Chromium for the file, a panel for each test, and at its end that the page has kept its policy and
 * written no error or warning.
 * @returns opens a panel; unless `drawn` is false it waits for its first chart
 */
export function onePanel({ webgl = false, ignored, also }: OnePanelOptions = {}): (
  options: PanelOptions,
  drawn?: boolean,
) => Promise<Panel> {
  let panels: Panels;
  let panel: Panel;
  before(async () => {
    panels = await Panels.start({ webgl });
  });
  after(() => panels.close());
  afterEach(async () => {
    const violations = await panel.host<string[]>("violations");
    const errors = panel.errors.filter((text) => ignored === undefined || !text.includes(ignored));
    try {
      await also?.(panel);
    } finally {
      await panel.close();
    }
    assert.deepEqual([violations, errors], [[], []], "the page breaks its policy or writes errors");
  });
  return async (options, drawn = true) => {
    panel = await panels.open(options);
    if (drawn) await panel.drawn();
    return panel;
  };
}
