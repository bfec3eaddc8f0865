import { SIGMAS } from './estimates.js'
import type { Estimate, Published } from './row.js'

/** The interval of ours, widened by what the published number itself is not known to. */
export function widened({ value, low, high }: Estimate, { error = 0, rounding = 0 }: Published): Estimate {
  const reach = (ours: number): number =>
    rounding + Math.hypot(ours, error === 'ours' ? ours : SIGMAS * error)
  return { value, low: value - reach(value - low), high: value + reach(high - value) }
}

/**
 * Whether ours bears the published number out: it is in the interval, or the whole interval is on the right side of a bound.
 * @param quick small networks seldom decide a bound: it then fails only where the whole interval is on the wrong side.
 */
export function holds(ours: Estimate, published: Published, quick = false): boolean {
  const { low, high } = widened(ours, published)
  const { value, relation = 'equal' } = published
  if (!Number.isFinite(ours.value)) return false
  if (relation === 'equal') return low <= value && value <= high
  if (relation === 'at least') return (quick ? high : low) >= value
  return (quick ? low : high) <= value
}
