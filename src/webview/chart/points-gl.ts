import { FAR_COLOR } from "../../charts/depth";
import { parseHex, type Shape } from "../../charts/palette";
import type { MapData } from "../../charts/data";
import type { LayerScene, PointsRenderer } from "./points";

const SHAPES: Record<Shape, number> = {
  circle: 0,
  square: 1,
  diamond: 2,
  "triangle-up": 3,
  "triangle-down": 4,
  cross: 5,
};

const VERTEX = `#version 300 es
in vec2 place;
in float category;
in float size;
in float depth;
uniform vec4 view; // scale and offset to -1..1
uniform float radius;
uniform bool strong;
uniform vec3 background; // what far points fade into
uniform sampler2D colors; // one column a category: colour with opacity, then shape and whether it stands out
out vec4 color;
flat out float shape;
flat out float pixels;
void main() {
  int at = int(category);
  vec4 kind = texelFetch(colors, ivec2(at, 1), 0);
  pixels = radius * size;
  gl_Position = (kind.g > 0.5) == strong ? vec4(place * view.xy + view.zw, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = 2.0 * ceil(pixels * 1.15 + 1.0);
  vec4 own = texelFetch(colors, ivec2(at, 0), 0);
  color = vec4(mix(background, own.rgb, mix(${FAR_COLOR.toFixed(3)}, 1.0, depth)), own.a);
  shape = floor(kind.r * 255.0 + 0.5);
}`;

/** The shapes of charts/splat.ts as distances to their edge, in radii. */
const FRAGMENT = `#version 300 es
precision highp float;
in vec4 color;
flat in float shape;
flat in float pixels;
out vec4 result;
void main() {
  float side = 2.0 * ceil(pixels * 1.15 + 1.0);
  vec2 p = (gl_PointCoord - 0.5) * side / pixels;
  vec2 a = abs(p);
  float edge;
  if (shape < 0.5) edge = length(p) - 1.0;
  else if (shape < 1.5) edge = max(a.x, a.y) - 0.89;
  else if (shape < 2.5) edge = (a.x * 1.15 + a.y * 0.85 - 1.15) / 1.43;
  else if (shape < 3.5) edge = max(p.y - 0.9, (a.x - (p.y + 1.1) * 0.58) / 1.156);
  else if (shape < 4.5) edge = max(-p.y - 0.9, (a.x - (1.1 - p.y) * 0.58) / 1.156);
  else edge = max(max(a.x, a.y) - 1.1, min(a.x, a.y) - 0.38);
  float cover = clamp(0.5 - edge * pixels, 0.0, 1.0) * color.a;
  if (cover <= 0.0) discard;
  result = vec4(color.rgb * cover, cover);
}`;

const MOST_CATEGORIES = 256;

/** Points by a graphics processor. */
export class GlPoints implements PointsRenderer {
  readonly #program: WebGLProgram;
  readonly #buffers: Record<"place" | "category" | "size" | "depth", WebGLBuffer>;
  #loaded: Pick<MapData, "x" | "y" | "category" | "size" | "depth"> | null = null;
  #colors = "";
  #lost = false;

  private constructor(
    readonly element: HTMLCanvasElement,
    private readonly gl: WebGL2RenderingContext,
  ) {
    this.#program = build(gl);
    gl.useProgram(this.#program);
    const attribute = (name: string, width: number): WebGLBuffer => {
      const buffer = gl.createBuffer();
      const at = gl.getAttribLocation(this.#program, name);
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, width, gl.FLOAT, false, 0, 0);
      return buffer;
    };
    this.#buffers = {
      place: attribute("place", 2),
      category: attribute("category", 1),
      size: attribute("size", 1),
      depth: attribute("depth", 1),
    };
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Null where the machine has no graphics processor, or one that is slower than plain arrays. */
  static start(): GlPoints | null {
    const element = document.createElement("canvas");
    const gl = element.getContext("webgl2", { antialias: false, failIfMajorPerformanceCaveat: true });
    if (!gl || isSoftware(gl)) return null;
    try {
      const points = new GlPoints(element, gl);
      element.addEventListener("webglcontextlost", () => (points.#lost = true));
      return points;
    } catch {
      return null;
    }
  }

  /** Whether the machine has taken the graphics processor away. */
  get lost(): boolean {
    return this.#lost || this.gl.isContextLost();
  }

  draw({ data, viewport, look, width, height, dense }: LayerScene): void {
    const { gl, element } = this;
    if (element.width !== width || element.height !== height) {
      element.width = width;
      element.height = height;
    }
    this.#load(data);
    this.#paint(look);
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const uniform = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(this.#program, name);
    const [sx, sy] = [2 / (viewport.x[1] - viewport.x[0]), 2 / (viewport.y[1] - viewport.y[0])];
    // Places are loaded relative to the middle of the map: float32 stays exact when somebody has zoomed far in.
    const [cx, cy] = this.#middle;
    const offset = [cx - (viewport.x[0] + viewport.x[1]) / 2, cy - (viewport.y[0] + viewport.y[1]) / 2] as const;
    gl.uniform4f(uniform("view"), sx, sy, offset[0] * sx, offset[1] * sy);
    gl.uniform1f(uniform("radius"), look.radius * dense);
    const [red, green, blue] = parseHex(look.background);
    gl.uniform3f(uniform("background"), red / 255, green / 255, blue / 255);
    const strongest = Math.max(...look.opacity);
    for (const strong of look.opacity.some((one) => one < strongest) ? [0, 1] : [1]) {
      gl.uniform1i(uniform("strong"), strong);
      gl.drawArrays(gl.POINTS, 0, data.x.length);
    }
  }

  #middle: [number, number] = [0, 0];

  /** Sends the columns that have changed. */
  #load({ x, y, category, size, depth }: MapData): void {
    const { gl } = this;
    const known = this.#loaded;
    this.#loaded = { x, y, category, ...(size && { size }), ...(depth && { depth }) };
    const send = (buffer: WebGLBuffer, values: Float32Array): void => {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    };
    if (known?.x !== x || known.y !== y) {
      const n = x.length;
      this.#middle = n > 0 ? [x[n >> 1]!, y[n >> 1]!] : [0, 0];
      const places = new Float32Array(2 * n);
      for (let i = 0; i < n; i++) {
        places[2 * i] = x[i]! - this.#middle[0];
        places[2 * i + 1] = y[i]! - this.#middle[1];
      }
      send(this.#buffers.place, places);
    }
    if (known?.category !== category) send(this.#buffers.category, Float32Array.from(category));
    for (const name of ["size", "depth"] as const) {
      const values = { size, depth }[name];
      if (known?.x.length === x.length && known[name] === values) continue;
      send(this.#buffers[name], values ?? new Float32Array(x.length).fill(1));
    }
  }

  #paint({ styles, opacity }: LayerScene["look"]): void {
    const key = JSON.stringify([styles, opacity]);
    if (key === this.#colors) return;
    this.#colors = key;
    const { gl } = this;
    const pixels = new Uint8Array(2 * 4 * MOST_CATEGORIES);
    const strongest = Math.max(...opacity);
    styles.slice(0, MOST_CATEGORIES).forEach(({ color, shape }, at) => {
      pixels.set([...parseHex(color), Math.round(opacity[at]! * 255)], 4 * at);
      pixels.set([SHAPES[shape], opacity[at] === strongest ? 255 : 0, 0, 255], 4 * (MOST_CATEGORIES + at));
    });
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, MOST_CATEGORIES, 2, 0, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  }
}

/** Chromium gives WebGL2 by software without calling it a caveat: the page's own arrays then have less between them and the screen. */
function isSoftware(gl: WebGL2RenderingContext): boolean {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name: unknown = info && gl.getParameter(info.UNMASKED_RENDERER_WEBGL);
  return typeof name === "string" && /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

function build(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? "no program");
  return program;
}
