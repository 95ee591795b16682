// What the panel costs: from the page's first script to the first picture, and a frame while panning. Milliseconds on the clock, and
// of the page's main thread alone, which a busy machine changes less. The fake host's making of the data is in the first picture.
// node --import tsx bench/page.ts
import { Panels, type Panel } from "../test/page/harness";
import type { FixtureOptions } from "../test/page/fixtures";

interface Case {
  name: string;
  fixture: FixtureOptions;
  view: "map" | "similarity";
}

const CASES: Case[] = [
  { name: "map, 20 points", fixture: { kind: "lines", count: 20 }, view: "map" },
  { name: "map, 133 points", fixture: { kind: "pictures", count: 133, labels: ["a", "b", "c"] }, view: "map" },
  { name: "map, 5,000 points", fixture: { kind: "lines", count: 5_000, clusters: 10 }, view: "map" },
  { name: "heatmap, 20 × 20", fixture: { kind: "lines", count: 20 }, view: "similarity" },
  { name: "heatmap, 500 × 500", fixture: { kind: "lines", count: 500 }, view: "similarity" },
  { name: "heatmap, 2,000 × 2,000", fixture: { kind: "lines", count: 2_000 }, view: "similarity" },
];

const FRAMES = 30;

/** Watches, from before the page's script, for the first canvas and for long tasks. */
const WATCH = `
  new MutationObserver((_, observer) => {
    if (!document.querySelector(".layer:not([hidden]) .canvas canvas")) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => (globalThis.firstPicture = performance.now())));
  }).observe(document, { childList: true, subtree: true });
`;

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Milliseconds that the page works for one frame of a drag: from the move to the painted picture. */
async function panFrames(panel: Panel): Promise<number[]> {
  return panel.page.evaluate<number[]>(`(async () => {
    const layer = document.querySelector(".layer:not([hidden])");
    const box = layer.getBoundingClientRect();
    const at = (type, dx, buttons) => layer.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 1, button: 0, buttons,
      clientX: box.x + box.width / 2 + dx, clientY: box.y + box.height / 2 }));
    layer.setPointerCapture = () => undefined;
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const settled = () => new Promise((done) => { const c = new MessageChannel(); c.port1.onmessage = done; c.port2.postMessage(0); });
    layer.dispatchEvent(new WheelEvent("wheel", { bubbles: true, cancelable: true, deltaY: -200, clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 }));
    await frame(); await settled();
    at("pointerdown", 0, 1);
    const times = [];
    for (let i = 1; i <= ${FRAMES}; i++) {
      at("pointermove", i * 5, 1);
      await frame();
      const start = performance.now();
      await settled();
      times.push(performance.now() - start);
    }
    at("pointerup", 0, 0);
    return times;
  })()`);
}

/** Counts the time that the page's main thread has worked, in milliseconds. */
async function threadClock(panel: Panel): Promise<() => Promise<number>> {
  const session = await panel.page.context().newCDPSession(panel.page);
  await session.send("Performance.setTimeDomain", { timeDomain: "threadTicks" });
  await session.send("Performance.enable");
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1_000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0);
  };
}

async function main(): Promise<void> {
  const panels = await Panels.start();
  for (const { name, fixture, view } of CASES) {
    const first: number[] = [];
    const frames: number[] = [];
    const work: number[] = [];
    const frameWork: number[] = [];
    for (let round = 0; round < 3; round++) {
      let clock: () => Promise<number> = () => Promise.resolve(0);
      const panel = await panels.open({
        fixture,
        change: { view },
        width: 1_200,
        height: 760,
        before: WATCH,
        prepare: async (made) => (clock = await threadClock(made)),
      });
      await panel.until("globalThis.firstPicture");
      first.push(
        await panel.page.evaluate<number>(
          "globalThis.firstPicture - performance.getEntriesByName('fakeHost')[0].startTime",
        ),
      );
      work.push(await clock());
      const before = await clock();
      frames.push(...(await panFrames(panel)));
      frameWork.push(((await clock()) - before) / (FRAMES + 1));
      await panel.close();
    }
    const slow = [...frames].sort((a, b) => a - b)[Math.floor(frames.length * 0.95)] ?? 0;
    console.log(
      `${name.padEnd(24)} first picture ${Math.round(median(first))} ms (work ${Math.round(median(work))}), ` +
        `pan frame ${median(frames).toFixed(1)} ms (95 %: ${slow.toFixed(1)}, work ${median(frameWork).toFixed(1)})`,
    );
  }
  await panels.close();
}

void main();
