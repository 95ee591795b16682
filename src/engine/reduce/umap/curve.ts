/** The parameters of the low-dimensional similarity 1 / (1 + a·d^(2b)). */
export interface Curve {
  a: number;
  b: number;
}

const POINTS = 300;
/** Undamped steps at the end: near its least the squared error is flat to half of all digits, its gradient is not. */
const LAST_STEPS = 8;

/**
 * Fits a and b to the curve that is 1 up to `minDist` and falls off as exp(−(d − minDist)/spread) beyond, at 300 distances
 * in 0..3·spread, by least squares (Levenberg–Marquardt), as umap-learn's `find_ab_params`.
 */
export function fitCurve(minDist: number, spread = 1): Curve {
  const xs = Float64Array.from({ length: POINTS }, (_, i) => (3 * spread * i) / (POINTS - 1));
  const ys = xs.map((x) => (x < minDist ? 1 : Math.exp(-(x - minDist) / spread)));
  let curve: Curve = { a: 1, b: 1 };
  let error = squaredError(curve, xs, ys);
  let damping = 1e-3;
  for (let step = 0; step < 500; step++) {
    const next = tryStep(curve, xs, ys, damping);
    const nextError = next.a > 0 && next.b > 0 ? squaredError(next, xs, ys) : Infinity;
    if (!(nextError < error)) {
      damping *= 10;
      if (damping > 1e12) break;
      continue;
    }
    const gained = error - nextError;
    curve = next;
    error = nextError;
    damping = Math.max(damping / 10, 1e-12);
    if (gained <= 1e-15 * error) break;
  }
  for (let step = 0; step < LAST_STEPS; step++) curve = tryStep(curve, xs, ys, 0);
  return { a: rounded(curve.a), b: rounded(curve.b) };
}

/** To nine digits: the last bits of powers and logarithms are not the same on every machine, and a layout is chaotic. */
const rounded = (value: number): number => Number(value.toPrecision(9));

function squaredError({ a, b }: Curve, xs: Float64Array, ys: Float64Array): number {
  return xs.reduce((sum, x, i) => sum + (1 / (1 + a * Math.pow(x, 2 * b)) - ys[i]!) ** 2, 0);
}

/** One damped Gauss–Newton step: (JᵀJ + damping·diag JᵀJ)·δ = −Jᵀr with two unknowns. */
function tryStep({ a, b }: Curve, xs: Float64Array, ys: Float64Array, damping: number): Curve {
  let aa = 0;
  let ab = 0;
  let bb = 0;
  let ra = 0;
  let rb = 0;
  xs.forEach((x, i) => {
    if (x === 0) return;
    const power = Math.pow(x, 2 * b);
    const value = 1 / (1 + a * power);
    const byA = -power * value * value;
    const byB = byA * a * 2 * Math.log(x);
    const residual = value - ys[i]!;
    aa += byA * byA;
    ab += byA * byB;
    bb += byB * byB;
    ra += byA * residual;
    rb += byB * residual;
  });
  aa *= 1 + damping;
  bb *= 1 + damping;
  const determinant = aa * bb - ab * ab;
  return { a: a - (bb * ra - ab * rb) / determinant, b: b - (aa * rb - ab * ra) / determinant };
}
