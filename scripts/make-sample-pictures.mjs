// Draws media/samples/pictures: six pictures of each of four kinds, from a fixed seed. `node scripts/make-sample-pictures.mjs`
// The drawings are the project's own, so that they may ship and be shown.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";

const WIDTH = 256;
const HEIGHT = 192;
const PER_KIND = 6;
const folder = join("media", "samples", "pictures");

/** mulberry32: the same pictures on every machine. */
function seeded(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    between: (from, to) => from + (to - from) * next(),
    pick: (values) => values[Math.floor(next() * values.length)],
  };
}

const at = (i, values) => values[i % values.length];
const points = (list) => list.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
const polygon = (list, fill, more = "") => `<polygon points="${points(list)}" fill="${fill}" ${more}/>`;
const rect = (x, y, width, height, fill, more = "") =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" ${more}/>`;
const circle = (x, y, r, fill, more = "") => `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}" ${more}/>`;
const ellipse = (x, y, rx, ry, fill, more = "") =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}" ${more}/>`;
const gradient = (id, top, bottom) =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>`;
const cloud = (x, y, size) =>
  [
    [0, 0, 1],
    [-1.1, 0.3, 0.7],
    [1.1, 0.3, 0.75],
    [0.4, -0.4, 0.7],
  ]
    .map(([dx, dy, r]) => ellipse(x + dx * size, y + dy * size, r * size, r * size * 0.7, "#ffffff", 'opacity="0.85"'))
    .join("");
/** The outline of hills: a sum of two waves above the lower edge. */
function ridge(random, base, rough, fill) {
  const [a, b] = [random.between(0, 6), random.between(0, 6)];
  const line = [];
  for (let x = 0; x <= WIDTH; x += 8) {
    line.push([x, base - rough * (Math.sin(x / 38 + a) * 0.6 + Math.sin(x / 17 + b) * 0.3)]);
  }
  return polygon([[0, HEIGHT], ...line, [WIDTH, HEIGHT]], fill);
}

function boat(random) {
  const horizon = random.between(95, 118);
  const [skyTop, skyBottom] = random.pick([
    ["#4a90d9", "#cfe8fb"],
    ["#5fa8e6", "#e8f4fd"],
    ["#3d7fc4", "#b9dcf5"],
  ]);
  const [seaTop, seaBottom] = random.pick([
    ["#2f8fb8", "#0e4f7a"],
    ["#3aa0b5", "#135a72"],
    ["#2b7fb0", "#0a3d66"],
  ]);
  const x = random.between(95, 160);
  const y = horizon + random.between(28, 42);
  const s = random.between(0.85, 1.2);
  const spot = (dx, dy) => [x + dx * s, y + dy * s];
  const sail = random.pick(["#ffffff", "#fff3d6", "#f7f7f2"]);
  const jib = random.pick(["#e5533d", "#f2b233", "#ffffff", "#3f6fb5"]);
  const hull = random.pick(["#7a3b1e", "#8a1f2d", "#2c3e50", "#a85b2a"]);
  const waves = Array.from({ length: 14 }, () => {
    const [wx, wy] = [random.between(-10, WIDTH), random.between(horizon + 8, HEIGHT - 4)];
    const length = random.between(14, 34);
    return `<path d="M${wx.toFixed(1)} ${wy.toFixed(1)} q${(length / 4).toFixed(1)} -4 ${(length / 2).toFixed(1)} 0 t${(length / 2).toFixed(1)} 0" stroke="#ffffff" stroke-opacity="0.45" stroke-width="1.6" fill="none"/>`;
  });
  return (
    `<defs>${gradient("sky", skyTop, skyBottom)}${gradient("sea", seaTop, seaBottom)}</defs>` +
    rect(0, 0, WIDTH, horizon, "url(#sky)") +
    cloud(random.between(30, 90), random.between(22, 45), random.between(9, 14)) +
    cloud(random.between(170, 225), random.between(20, 50), random.between(7, 12)) +
    rect(0, horizon, WIDTH, HEIGHT - horizon, "url(#sea)") +
    waves.join("") +
    rect(x - 1.5 * s, y - 88 * s, 3 * s, 92 * s, "#5b3a1e") +
    polygon([spot(3, -86), spot(3, -8), spot(48, -8)], sail) +
    polygon([spot(-3, -78), spot(-3, -8), spot(-36, -8)], jib) +
    polygon([spot(-52, 0), spot(54, 0), spot(38, 20), spot(-38, 20)], hull) +
    polygon([spot(-52, 0), spot(54, 0), spot(51, 5), spot(-49, 5)], "#ffffff", 'opacity="0.75"')
  );
}

function house(random) {
  const ground = random.between(146, 156);
  const [w, h] = [random.between(104, 132), random.between(58, 72)];
  const x = random.between(128 - 14, 128 + 14) - w / 2;
  const y = ground - h;
  const wall = random.pick(["#f3e3c3", "#e9d2b8", "#f6efe2", "#e8c9a0", "#dfe3e0", "#f0d9c9"]);
  const roof = random.pick(["#b5402f", "#8f3b2e", "#6d4a3a", "#a34d35", "#7b2f2f"]);
  const frame = random.pick(["#5b4636", "#ffffff", "#3f5a4b"]);
  const rise = random.between(38, 52);
  const pane = (px, py) =>
    rect(px - 2, py - 2, 26, 24, frame) +
    rect(px, py, 22, 20, "#9cc9e3") +
    rect(px + 10, py, 2, 20, frame) +
    rect(px, py + 9, 22, 2, frame);
  const chimney = x + w * random.pick([0.2, 0.7]);
  const fence = random.pick([true, false]);
  const bush = (bx, r) =>
    circle(bx, ground - r * 0.5, r, "#3f7d3a") + circle(bx + r, ground - r * 0.3, r * 0.8, "#4c9145");
  return (
    `<defs>${gradient("sky", random.pick(["#8ec5ee", "#a9d3f0", "#b7d9ee"]), "#eef6fb")}${gradient("lawn", "#86b85a", "#5d9142")}</defs>` +
    rect(0, 0, WIDTH, HEIGHT, "url(#sky)") +
    cloud(random.between(30, 220), random.between(20, 36), random.between(8, 12)) +
    rect(0, ground - 2, WIDTH, HEIGHT - ground + 2, "url(#lawn)") +
    rect(chimney, y - rise + 2, 16, 36, "#8c5a48") +
    rect(x, y, w, h, wall) +
    polygon(
      [
        [x - 12, y],
        [x + w / 2, y - rise],
        [x + w + 12, y],
      ],
      roof,
    ) +
    circle(x + w / 2, y - rise * 0.4, 7, "#9cc9e3", `stroke="${frame}" stroke-width="2"`) +
    rect(x + w / 2 - 11, ground - 40, 22, 40, random.pick(["#6b3f26", "#2f5d50", "#7d2f2f", "#34507a"])) +
    circle(x + w / 2 + 6, ground - 19, 1.8, "#e8c65a") +
    pane(x + 12, y + 14) +
    pane(x + w - 34, y + 14) +
    polygon(
      [
        [x + w / 2 - 11, ground],
        [x + w / 2 + 11, ground],
        [x + w / 2 + 24, HEIGHT],
        [x + w / 2 - 24, HEIGHT],
      ],
      "#cbbd9f",
    ) +
    bush(x - 6, random.between(10, 14)) +
    bush(x + w - 2, random.between(8, 13)) +
    (fence
      ? Array.from({ length: 16 }, (_, i) =>
          Math.abs(i * 17 - 120) < 26 ? "" : rect(i * 17, ground + 8, 6, 24, "#ffffff"),
        ).join("") +
        rect(0, ground + 14, 94, 4, "#ffffff") +
        rect(152, ground + 14, 104, 4, "#ffffff")
      : "")
  );
}

function flower(random, i) {
  const [x, y] = [random.between(112, 144), random.between(80, 94)];
  const [light, dark] = at(i, [
    ["#ff8fb3", "#d6336c"],
    ["#ffd84d", "#f08c00"],
    ["#c79bf2", "#7b3fb8"],
    ["#ffffff", "#d9d9f0"],
    ["#ff9a6b", "#d9480f"],
    ["#ff6b6b", "#b51f2e"],
  ]);
  const count = random.pick([6, 8, 10, 12]);
  const length = random.between(44, 56);
  const petalWidth = Math.min(22, 150 / count);
  const turn = random.between(0, 60);
  const petals = Array.from({ length: count }, (_, i) =>
    ellipse(
      x,
      y - length * 0.62,
      petalWidth,
      length * 0.55,
      "url(#petal)",
      `transform="rotate(${(turn + (360 / count) * i).toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)})" stroke="${dark}" stroke-opacity="0.35"`,
    ),
  );
  const blur = Array.from({ length: 12 }, () =>
    circle(
      random.between(0, WIDTH),
      random.between(0, HEIGHT),
      random.between(14, 40),
      random.pick(["#5e9c47", "#3f7d3a", "#86bb5c", "#2f6531"]),
      'opacity="0.35"',
    ),
  );
  const seeds = Array.from({ length: 26 }, (_, i) => {
    const [angle, r] = [i * 2.39996, Math.sqrt(i) * 2.6];
    return circle(x + r * Math.cos(angle), y + r * Math.sin(angle), 1.5, "#6b4310");
  });
  const leaf = (side) =>
    `<path d="M${x.toFixed(1)} 160 q${side * 22} -34 ${side * 62} -26 q${-side * 12} 32 ${-side * 62} 26" fill="#4f9a3d" stroke="#2f6531" stroke-opacity="0.5"/>`;
  return (
    `<defs>${gradient("petal", light, dark)}${gradient("green", "#79ad56", "#3a6f36")}</defs>` +
    rect(0, 0, WIDTH, HEIGHT, "url(#green)") +
    blur.join("") +
    `<path d="M${x.toFixed(1)} ${y.toFixed(1)} Q${(x + random.between(-14, 14)).toFixed(1)} 140 ${x.toFixed(1)} ${HEIGHT}" stroke="#2f6b2c" stroke-width="7" fill="none"/>` +
    leaf(1) +
    leaf(-1) +
    petals.join("") +
    circle(x, y, 16, random.pick(["#f2c230", "#e0a020", "#c9811d"])) +
    seeds.join("")
  );
}

function mountain(random, i) {
  const [top, middle, sun] = at(i, [
    ["#2b2350", "#e8743b", "#ffe9a8"],
    ["#3a1f4d", "#f08a5d", "#ffd29d"],
    ["#1f2a5a", "#d95b6a", "#ffe0b0"],
    ["#46275c", "#f2a65a", "#fff1c2"],
  ]);
  const sunX = random.between(70, 190);
  const sunY = random.between(74, 98);
  const peak = (x, y, half, fill) =>
    polygon(
      [
        [x - half, HEIGHT],
        [x, y],
        [x + half, HEIGHT],
      ],
      fill,
    ) +
    polygon(
      [
        [x, y],
        [x - half * 0.2, y + (HEIGHT - y) * 0.2],
        [x - half * 0.06, y + (HEIGHT - y) * 0.16],
        [x + half * 0.05, y + (HEIGHT - y) * 0.24],
        [x + half * 0.2, y + (HEIGHT - y) * 0.2],
      ],
      "#f6e3dc",
      'opacity="0.9"',
    );
  return (
    `<defs>${gradient("dusk", top, middle)}</defs>` +
    rect(0, 0, WIDTH, HEIGHT, "url(#dusk)") +
    circle(sunX, sunY, random.between(34, 40), sun, 'opacity="0.25"') +
    circle(sunX, sunY, random.between(20, 26), sun) +
    peak(random.between(30, 80), random.between(62, 82), random.between(80, 105), "#6a4a6e") +
    peak(random.between(165, 220), random.between(58, 84), random.between(85, 110), "#5b3f66") +
    peak(random.between(100, 150), random.between(84, 104), random.between(75, 95), "#4a3358") +
    ridge(random, random.between(148, 156), 12, "#33264a") +
    ridge(random, random.between(168, 174), 9, "#1f1833")
  );
}

const KINDS = { boats: boat, flowers: flower, houses: house, mountains: mountain };

await rm(folder, { recursive: true, force: true });
for (const [kind, draw] of Object.entries(KINDS)) {
  await mkdir(join(folder, kind), { recursive: true });
  for (let i = 1; i <= PER_KIND; i++) {
    const seed = [...kind].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), i);
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">${draw(seeded(seed), i)}</svg>`;
    const picture = await sharp(Buffer.from(svg))
      .flatten({ background: "#ffffff" })
      .webp({ quality: 84, effort: 6 })
      .toBuffer();
    await writeFile(join(folder, kind, `${kind.slice(0, -1)}-${i}.webp`), picture);
  }
}
