// What the panel costs: from the page's first script to the first picture, and from frame to frame while panning and zooming. Milliseconds on the clock, and
// of the page's main thread alone, which a busy machine changes less. The fake host's making of the data is in the first picture.
// node --import tsx bench/page.ts [word in the name of a case]
import { Panels, type Panel } from "../test/page/harness";
import type { FixtureOptions } from "../test/page/fixtures";

interface Case {
  name: string;
  fixture: FixtureOptions;
  view: "map" | "similarity";
  /** Runs before the page: forces one of the ways to draw points. */
  before?: string;
}

/** Chromium's own software WebGL, which the page does not take by itself. */
const SOFTWARE_WEBGL = `
  const extension = WebGL2RenderingContext.prototype.getExtension;
  WebGL2RenderingContext.prototype.getExtension = function (name) {
    return name === "WEBGL_debug_renderer_info" ? null : extension.call(this, name);
  };`;

const CASES: Case[] = [
  { name: "map, 20 points", fixture: { kind: "lines", count: 20 }, view: "map" },
  { name: "map, 133 points", fixture: { kind: "pictures", count: 133, labels: ["a", "b", "c"] }, view: "map" },
  ...[5_000, 20_000, 50_000, 200_000].map((count): Case => ({
    name: `map, ${count.toLocaleString("en-US")} points`,
    fixture: { kind: "lines", count, clusters: 10 },
    view: "map",
  })),
  {
    name: "map of three dimensions, 10,000 points",
    fixture: { kind: "lines", count: 10_000, clusters: 10, deep: true },
    view: "map",
  },
  {
    name: "map, 20,000, software GL",
    fixture: { kind: "lines", count: 20_000, clusters: 10 },
    view: "map",
    before: SOFTWARE_WEBGL,
  },
  { name: "heatmap, 20 × 20", fixture: { kind: "lines", count: 20 }, view: "similarity" },
  { name: "heatmap, 500 × 500", fixture: { kind: "lines", count: 500 }, view: "similarity" },
  { name: "heatmap, 2,000 × 2,000", fixture: { kind: "lines", count: 2_000 }, view: "similarity" },
];

const FRAMES = 80;
const WARM = 20;

/** Watches, from before the page's script, for the first canvas and for long tasks. */
const WATCH = `
  new MutationObserver((_, observer) => {
    if (!document.querySelector(".layer:not([hidden]) .canvas canvas")) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => (globalThis.firstPicture = performance.now())));
  }).observe(document, { childList: true, subtree: true });
`;

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Milliseconds from frame to frame of a drag, then of the wheel. */
async function moveFrames(panel: Panel): Promise<[number[], number[]]> {
  return panel.page.evaluate<[number[], number[]]>(`(async () => {
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
    // From one frame to the next while the hand never rests: drawing, handing over to the screen and the wait for it (16.7 at 60 Hz).
    const intervals = async (act) => {
      const times = [];
      let last = await frame();
      for (let i = 1; i <= ${FRAMES}; i++) {
        act(i);
        const now = await frame();
        // The first ones are compiled while they run.
        if (i > ${WARM}) times.push(now - last);
        last = now;
      }
      return times;
    };
    const times = await intervals((i) => at("pointermove", i * 4, 1));
    at("pointerup", 0, 0);
    const zooms = await intervals((i) => layer.dispatchEvent(new WheelEvent("wheel", { bubbles: true, cancelable: true,
      deltaY: i % 20 < 10 ? -60 : 60, clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 })));
    return [times, zooms];
  })()`);
}

/** "12.1 ms (95 %: 14.0)" */
function spread(values: number[]): string {
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  return `${at(0.5)} ms (95 %: ${at(0.95)})`;
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
  for (const { name, fixture, view, before = "" } of CASES.filter((one) => one.name.includes(process.argv[2] ?? ""))) {
    const first: number[] = [];
    const pans: number[] = [];
    const zooms: number[] = [];
    const work: number[] = [];
    const frameWork: number[] = [];
    for (let round = 0; round < 3; round++) {
      // Panels of one Chromium share a process, and the second one might find what the first has warmed.
      const panels = await Panels.start();
      let clock: () => Promise<number> = () => Promise.resolve(0);
      const panel = await panels.open({
        fixture,
        change: { view },
        width: 1_200,
        height: 760,
        before: `${WATCH};${before}`,
        prepare: async (made) => (clock = await threadClock(made)),
      });
      await panel.until("globalThis.firstPicture");
      first.push(
        await panel.page.evaluate<number>(
          "globalThis.firstPicture - performance.getEntriesByName('fakeHost')[0].startTime",
        ),
      );
      work.push(await clock());
      const start = await clock();
      const [pan, zoom] = await moveFrames(panel);
      pans.push(...pan);
      zooms.push(...zoom);
      frameWork.push(((await clock()) - start) / (2 * FRAMES + 2));
      await panels.close();
    }
    console.log(
      `${name.padEnd(24)} first picture ${Math.round(median(first))} ms (work ${Math.round(median(work))}), ` +
        `pan ${spread(pans)}, zoom ${spread(zooms)}, work of a frame ${median(frameWork).toFixed(1)}`,
    );
  }
}

void main();
