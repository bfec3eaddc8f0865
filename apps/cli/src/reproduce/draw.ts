import { type Curve, curves, type Figure } from '../figures/index.js'
import type { Estimate } from './row.js'

/** What was measured, with its intervals. */
export function points(
  label: string,
  x: ArrayLike<number>,
  found: readonly Estimate[],
  kind: 'points' | 'measured' = 'points',
): Curve {
  const [y, low, high] = (['value', 'low', 'high'] as const).map((end) => found.map((one) => one[end]))
  return { label, x, y, low, high, kind }
}

/** What theory says at these places. */
export function theory(label: string, x: ArrayLike<number>, y: (x: number) => number): Curve {
  return { label, x, y: Array.from(x, y), kind: 'theory' }
}

/** Numbers from one to the other, both ends among them. */
export function from(low: number, high: number, count = 60): number[] {
  return Array.from({ length: count }, (_, k) => low + ((high - low) * k) / (count - 1))
}

/** Against the number of neurons, which doubles from point to point. */
export function againstSize(
  title: string,
  y: string,
  sizes: readonly number[],
  all: readonly Curve[],
): Figure {
  const domain = [sizes[0] / 1.2, sizes[sizes.length - 1] * 1.2] as const
  return curves({
    title,
    x: { title: 'neurons N', scale: 'log', domain, ticks: sizes, label: String },
    y: { title: y },
    curves: all,
    caption: 'Bars are four standard errors.',
  })
}

/** Against load, temperature or noise. */
export function against(
  title: string,
  x: string,
  y: string,
  all: readonly Curve[],
  caption = 'Bars are four standard errors.',
): Figure {
  return curves({ title, x: { title: x }, y: { title: y }, curves: all, caption })
}
