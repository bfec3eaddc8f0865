import { linesOf, power, told, widthOf } from './words.js'

/** What an axis measures. */
export interface Axis {
  readonly title: string
  /** Stands in parentheses behind the title. */
  readonly unit?: string
  /** Default: `linear`. */
  readonly scale?: 'linear' | 'log'
  /** Default: what the numbers span, and a little more. */
  readonly domain?: readonly [number, number]
  /** What is counted has labels at whole numbers alone. */
  readonly whole?: true
  /** Where labels are, if they are not to be chosen. */
  readonly ticks?: readonly number[]
  /** What a tick says; by default the number. */
  readonly label?: (tick: number) => string
}

/** An axis with its numbers. */
export interface Laid {
  /** In as many lines as it needs. */
  readonly title: readonly string[]
  readonly scale: 'linear' | 'log'
  readonly domain: readonly [number, number]
  readonly ticks: readonly number[]
  readonly labels: readonly string[]
}

/** Sizes of labels and titles in pixels. */
export const LABEL = 12
export const TITLE = 13

/**
 * Chooses domain and ticks.
 *
 * @param numbers what is to be seen
 * @param room pixels of the axis, and how many of them a label needs
 */
export function layAxis(
  vega: typeof import('vega'),
  axis: Axis,
  numbers: Iterable<number>,
  room: { readonly length: number; readonly label: number },
): Laid {
  const { title, unit, scale = 'linear' } = axis
  const domain = axis.domain ?? spanned(numbers, scale)
  const count = Math.max(2, Math.floor(room.length / room.label))
  const measure = vega.scale(scale)().domain(domain)
  const chosen: number[] = scale === 'log' ? withRoom(measure.ticks(), domain, count) : measure.ticks(count)
  const ticks = (axis.ticks ?? chosen).filter(
    (tick) => tick >= domain[0] && tick <= domain[1] && !(axis.whole && tick % 1 !== 0),
  )
  const plain: (tick: number) => string =
    scale === 'log' ? logLabel : axis.whole ? measure.tickFormat(count, ',d') : measure.tickFormat(count)
  return {
    title: linesOf(unit === undefined ? title : `${title} (${unit})`, TITLE, room.length),
    scale,
    domain,
    ticks: [...ticks],
    labels: ticks.map(axis.label ?? plain),
  }
}

function logLabel(tick: number): string {
  const exponent = Math.log10(tick)
  if (Math.abs(exponent) >= 4 && Number.isInteger(exponent)) return power(exponent)
  return tick < 1 ? told(tick) : told(tick).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** The room that labels and title of a vertical axis take. */
export function roomOf({ labels, title }: Laid): number {
  return 14 + Math.max(0, ...labels.map((text) => widthOf(text, LABEL))) + title.length * (TITLE + 4)
}

function spanned(numbers: Iterable<number>, scale: 'linear' | 'log'): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const x of numbers) {
    if (!Number.isFinite(x) || (scale === 'log' && x <= 0)) continue
    low = Math.min(low, x)
    high = Math.max(high, x)
  }
  if (low > high) return scale === 'log' ? [1, 10] : [0, 1]
  if (scale === 'log') return low === high ? [low / 2, high * 2] : [low / 1.15, high * 1.15]
  if (low === high) return [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2]
  // What starts at zero, or nearly so, is shown from zero.
  const room = (high - low) * 0.04
  const from = low >= 0 && low <= (high - low) * 0.3 ? 0 : low - room
  const to = high <= 0 && -high <= (high - low) * 0.3 ? 0 : high + room
  return [from, to]
}

/** Powers of ten; 1, 2 and 5 of each where there are few of them. */
function withRoom(ticks: readonly number[], [low, high]: readonly [number, number], count: number): number[] {
  const decades = Math.log10(high / low)
  const every = Math.max(1, Math.ceil(decades / count))
  const mantissas = decades * 3 <= count ? '125' : '1'
  return ticks.filter((tick) => {
    const [mantissa, exponent] = tick.toExponential(6).split('e')
    return Number(mantissa) % 1 === 0 && mantissas.includes(mantissa[0]) && Number(exponent) % every === 0
  })
}
