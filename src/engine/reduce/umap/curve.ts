/** The parameters of the low-dimensional similarity 1 / (1 + a·d^(2b)). */
export interface Curve {
  a: number;
  b: number;
}

const POINTS = 300;
/** The usual curve (distance 0.1), from where most others are near: it is fitted in two steps. */
const START: Curve = { a: 1.57694361, b: 0.895060719 };
/** Gain of a damped step, as a share of the error, below which the undamped ones take over. */
const ENOUGH = 1e-6;
/** Undamped steps at most: near its least the squared error is flat to half of all digits, its gradient is not. */
const MOST_STEPS = 100;

/**
 * Fits a and b to the curve that is 1 up to `minDist` and falls off as exp(−(d − minDist)/spread) beyond, at 300 distances
 * in 0..3·spread, by least squares, as umap-learn's `find_ab_params`: Gauss–Newton steps, from where Levenberg–Marquardt leads
 * when they do not arrive from the usual curve.
 */
export function fitCurve(minDist: number, spread = 1): Curve {
  const xs = Float64Array.from({ length: POINTS }, (_, i) => (3 * spread * i) / (POINTS - 1));
  const target: Target = {
    logs: xs.map((x) => Math.log(x)),
    ys: xs.map((x) => (x < minDist ? 1 : Math.exp(-(x - minDist) / spread))),
  };
  let curve = undamped(START, target);
  if (!curve) {
    const near = damped(START, target);
    curve = undamped(near, target) ?? near;
  }
  return { a: rounded(curve.a), b: rounded(curve.b) };
}

/** Gauss–Newton steps until they end; null when they do not, or leave the curves that fall. */
function undamped(start: Curve, target: Target): Curve | null {
  let curve = start;
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = tryStep(curve, target, 0);
    if (!(next.a > 0 && next.b > 0)) return null;
    const still = isNear(next.a, curve.a) && isNear(next.b, curve.b);
    curve = next;
    if (still) return curve;
  }
  return null;
}

const isNear = (value: number, other: number): boolean => Math.abs(value - other) <= 1e-11 * value;

/** Levenberg–Marquardt steps from where undamped ones lead nowhere, until they gain little. */
function damped(start: Curve, target: Target): Curve {
  let curve = start;
  let error = squaredError(curve, target);
  for (let damping = 1e-3; damping <= 1e12;) {
    const next = tryStep(curve, target, damping);
    const nextError = next.a > 0 && next.b > 0 ? squaredError(next, target) : Infinity;
    if (!(nextError < error)) {
      damping *= 10;
      continue;
    }
    const gained = error - nextError;
    curve = next;
    error = nextError;
    damping = Math.max(damping / 10, 1e-12);
    if (gained <= ENOUGH * error) break;
  }
  return curve;
}

/** The curve that is fitted: the logarithms of its distances, and its values. */
interface Target {
  logs: Float64Array;
  ys: Float64Array;
}

/** To nine digits: the last bits of powers and logarithms are not the same on every machine, and a layout is chaotic. */
const rounded = (value: number): number => Number(value.toPrecision(9));

function squaredError({ a, b }: Curve, { logs, ys }: Target): number {
  let sum = 0;
  for (let i = 0; i < POINTS; i++) {
    const residual = 1 / (1 + a * Math.exp(2 * b * logs[i]!)) - ys[i]!;
    sum += residual * residual;
  }
  return sum;
}

/** One damped Gauss–Newton step: (JᵀJ + damping·diag JᵀJ)·δ = −Jᵀr with two unknowns. */
function tryStep({ a, b }: Curve, { logs, ys }: Target, damping: number): Curve {
  let aa = 0;
  let ab = 0;
  let bb = 0;
  let ra = 0;
  let rb = 0;
  // At distance 0 the curve is 1 whatever a and b.
  for (let i = 1; i < POINTS; i++) {
    const power = Math.exp(2 * b * logs[i]!);
    const value = 1 / (1 + a * power);
    const byA = -power * value * value;
    const byB = byA * a * 2 * logs[i]!;
    const residual = value - ys[i]!;
    aa += byA * byA;
    ab += byA * byB;
    bb += byB * byB;
    ra += byA * residual;
    rb += byB * residual;
  }
  aa *= 1 + damping;
  bb *= 1 + damping;
  const determinant = aa * bb - ab * ab;
  return { a: a - (bb * ra - ab * rb) / determinant, b: b - (aa * rb - ab * ra) / determinant };
}
