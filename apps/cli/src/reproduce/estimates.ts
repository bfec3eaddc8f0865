import type { Estimate } from './row.js'

/** Half-widths of intervals in standard errors: a right row fails by chance once in 16,000. */
export const SIGMAS = 4

/** A number that is no sample. */
export function exactly(value: number): Estimate {
  return { value, low: value, high: value }
}

export function about(value: number, error: number): Estimate {
  return { value, low: value - SIGMAS * error, high: value + SIGMAS * error }
}

/** Half of an interval's width, as a standard error. */
export function errorOf({ low, high }: Estimate): number {
  return (high - low) / (2 * SIGMAS)
}

/**
 * The mean of one value a network.
 * @param grain what one event more would have added to the mean: it is known no better than that, even where all networks agree.
 */
export function mean(values: readonly number[], grain = 0): Estimate {
  const { average, error } = moments(values)
  return about(average, Math.max(error, grain))
}

function moments(values: readonly number[]): { average: number; error: number } {
  const count = values.length
  const average = values.reduce((sum, x) => sum + x, 0) / count
  const squares = values.reduce((sum, x) => sum + (x - average) ** 2, 0)
  return { average, error: Math.sqrt(squares / Math.max(1, count - 1) / count) }
}

/**
 * The mean of one share a network, with Wilson's interval (1927), which ends at 0 and 1 and is none of zero width where all or none succeed.
 * The trials it counts are those that have the scatter seen between networks, and never fewer than networks.
 */
export function share(values: readonly number[]): Estimate {
  const { average: p, error } = moments(values)
  const trials = error === 0 ? values.length : Math.max(values.length, (p * (1 - p)) / error ** 2)
  return wilson(p, trials)
}

function wilson(p: number, trials: number): Estimate {
  const square = SIGMAS ** 2
  const centre = (p + square / (2 * trials)) / (1 + square / trials)
  const half =
    (SIGMAS * Math.sqrt((p * (1 - p)) / trials + square / (4 * trials * trials))) / (1 + square / trials)
  return { value: p, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

/** a − b of independent estimates. */
export function difference(a: Estimate, b: Estimate): Estimate {
  const value = a.value - b.value
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  }
}

/** The value at x = 0 of the straight line through the points, by weighted least squares. */
export function extrapolated(points: readonly { x: number; y: Estimate }[]): Estimate {
  const weighted = points.map(({ x, y }) => ({ x, y: y.value, weight: 1 / errorOf(y) ** 2 }))
  const sum = (term: (point: { x: number; y: number; weight: number }) => number): number =>
    weighted.reduce((total, point) => total + term(point), 0)
  const [s, sx, sxx] = [sum((p) => p.weight), sum((p) => p.weight * p.x), sum((p) => p.weight * p.x * p.x)]
  const [sy, sxy] = [sum((p) => p.weight * p.y), sum((p) => p.weight * p.x * p.y)]
  const determinant = s * sxx - sx * sx
  return about((sxx * sy - sx * sxy) / determinant, Math.sqrt(sxx / determinant))
}
