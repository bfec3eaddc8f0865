/** Light, dark, or light with a style sheet that makes it dark where the reader's pages are (`prefers-color-scheme`). */
export type Theme = 'light' | 'dark' | 'auto'

/** A colour as red, green and blue, 0 to 255. */
type Rgb = readonly [red: number, green: number, blue: number]

/** A colour on light paper and the one that takes its place on dark paper. */
type Pair = readonly [light: string, dark: string]

export const FONT =
  "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, 'DejaVu Sans', sans-serif"

const PAPER: Pair = ['#fbfaf7', '#14191f']
const INK: Pair = ['#22303c', '#e3e8ec']
const BLUE: Pair = ['#0072b2', '#5ab3ee']
const VERMILION: Pair = ['#c44f00', '#ff9a57']

/** Of the palette of Okabe and Ito, made darker or lighter until it has the contrast of text (4.5) on its paper. */
const SERIES: readonly Pair[] = [
  BLUE,
  VERMILION,
  ['#007a59', '#3dcf9f'],
  ['#9c3f7d', '#e9a3d0'],
  ['#7a6200', '#e8cf55'],
  ['#4a5560', '#aab5bf'],
]

/** Colours of one scale have so many steps, so that a picture needs few colours. */
const STEPS = 16

const PALE = 0.72

/** The mark of what was hidden, in pictures. */
const HIDDEN: Pair = ['#ffdbb8', '#5c3a1c']

/** Ends of viridis and what lies between, which are the same on both papers: dark for nothing, yellow for all. */
const AMOUNTS = ['#440154', '#46327e', '#365c8d', '#277f8e', '#1fa187', '#4ac16d', '#a0da39', '#fde725']

export interface Colors {
  readonly paper: string
  readonly ink: string
  /** Of notes and labels of axes. */
  readonly faint: string
  /** Lines of a grid. */
  readonly rule: string
  /** Axes, and frames of pictures. */
  readonly frame: string
  /** A neuron that is −1. */
  readonly blank: string
  /** What is wrong. */
  readonly wrong: string
  readonly series: readonly string[]
  /** Of bars: the colours of the series, paler, so that error bars are to be seen on them. */
  readonly bars: readonly string[]
  /** 0 to 1: paper to ink. */
  grey(value: number, hidden?: boolean): string
  /** −1 to 1: vermilion, paper, blue. */
  signed(value: number): string
  /** 0 to 1, the same on both papers. */
  amount(value: number): string
}

type Side = 0 | 1

const scaled = (from: Pair, to: Pair) => (step: number, side: Side) =>
  between(from[side], to[side], step / STEPS)

const SCALES = {
  grey: scaled(PAPER, INK),
  hidden: scaled(HIDDEN, INK),
  positive: scaled(PAPER, BLUE),
  negative: scaled(PAPER, VERMILION),
}

const BARS = SERIES.map(
  ([light, dark]): Pair => [between(PAPER[0], light, PALE), between(PAPER[1], dark, PALE)],
)

const NAMED = {
  paper: PAPER,
  ink: INK,
  faint: ['#5f6a74', '#9aa7b2'],
  rule: ['#e4e1d8', '#2b333c'],
  frame: ['#8b8f92', '#68727c'],
  blank: ['#e9e6de', '#252d35'],
  wrong: VERMILION,
} as const satisfies Record<string, Pair>

/** The colours of one theme; `auto` is drawn in the light ones. */
export function colorsOf(theme: Theme): Colors {
  const side: Side = theme === 'dark' ? 1 : 0
  const step = (share: number): number => Math.round(Math.min(Math.max(share, 0), 1) * STEPS)
  const named = Object.fromEntries(Object.entries(NAMED).map(([name, pair]) => [name, pair[side]]))
  return {
    ...(named as Record<keyof typeof NAMED, string>),
    series: SERIES.map((pair) => pair[side]),
    bars: BARS.map((pair) => pair[side]),
    grey: (value, hidden = false) => SCALES[hidden ? 'hidden' : 'grey'](step(value), side),
    signed: (value) => SCALES[value < 0 ? 'negative' : 'positive'](step(Math.abs(value)), side),
    amount(value) {
      const place = (Math.min(Math.max(value, 0), 1) * 4 * (AMOUNTS.length - 1)) | 0
      const from = Math.min(place >> 2, AMOUNTS.length - 2)
      return between(AMOUNTS[from], AMOUNTS[from + 1], place / 4 - from)
    },
  }
}

/** For each colour of the light theme the one of the dark theme, where they differ. */
export const TWINS: ReadonlyMap<string, string> = new Map([
  ...Object.values(NAMED),
  ...SERIES,
  ...BARS,
  ...Object.values(SCALES).flatMap((scale) =>
    Array.from({ length: STEPS + 1 }, (_, step): Pair => [scale(step, 0), scale(step, 1)]),
  ),
])

/**
 * Rules that turn a light drawing dark where the reader's pages are dark. Drawings have their colours as attributes, which every
 * program understands; a style sheet goes before attributes, and only browsers look into it.
 */
export function darkRules(drawing: string): string {
  const rules = ['fill', 'stroke'].flatMap((attribute) => {
    const used = new Set(
      Array.from(drawing.matchAll(new RegExp(` ${attribute}="(#[0-9a-f]{6})"`, 'g')), ([, c]) => c),
    )
    return [...used]
      .filter((color) => (TWINS.get(color) ?? color) !== color)
      .sort()
      .map((color) => `.figure [${attribute}="${color}"]{${attribute}:${TWINS.get(color)}}`)
  })
  return `@media (prefers-color-scheme:dark){${rules.join('')}.figure image{filter:invert(1) hue-rotate(180deg)}}`
}

/** Text of the colour between two. */
function between(from: string, to: string, share: number): string {
  const [a, b] = [rgbOf(from), rgbOf(to)]
  return `#${a
    .map((x, k) =>
      Math.round(x + (b[k] - x) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}

export function rgbOf(color: string): Rgb {
  const part = (at: number): number => Number.parseInt(color.slice(at, at + 2), 16)
  return [part(1), part(3), part(5)]
}
