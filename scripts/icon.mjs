// Draws media/icon.png: points of three groups under a lens. VS Code takes no SVG.
import sharp from "sharp";

const groups = [
  {
    colour: "#4cc2ff",
    points: [
      [64, 84],
      [92, 66],
      [86, 100],
      [112, 88],
      [70, 112],
    ],
  },
  {
    colour: "#ffb454",
    points: [
      [150, 70],
      [176, 84],
      [160, 100],
      [186, 110],
      [146, 118],
    ],
  },
  {
    colour: "#7fd88b",
    points: [
      [96, 150],
      [120, 168],
      [132, 144],
      [108, 132],
      [148, 160],
    ],
  },
];
const dots = groups.flatMap(({ colour, points }) =>
  points.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="9" fill="${colour}"/>`),
);
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256">
<rect width="256" height="256" rx="48" fill="#17212f"/>
<circle cx="122" cy="118" r="92" fill="#1f2e42" stroke="#e6edf5" stroke-width="12"/>
<line x1="190" y1="186" x2="230" y2="226" stroke="#e6edf5" stroke-width="22" stroke-linecap="round"/>
${dots.join("\n")}
</svg>`;
await sharp(Buffer.from(svg)).png({ compressionLevel: 9, palette: true }).toFile("media/icon.png");
