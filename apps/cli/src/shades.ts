/** A colour as red, green and blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number]

type Ends = readonly [from: Rgb, to: Rgb]

const PAPER: Rgb = [255, 255, 255]
/** As dark as ink gets. */
const INK: Rgb = [20, 20, 20]
const HIDDEN_PAPER: Rgb = [255, 219, 184]
const HIDDEN_INK: Rgb = [20, 17, 14]
/** House style's blue and vermilion. */
const BLUE: Rgb = [0, 114, 178]
const VERMILION: Rgb = [213, 94, 0]

function between([from, to]: Ends, share: number): Rgb {
  const at = (k: number): number => Math.round(from[k] + (to[k] - from[k]) * share)
  return [at(0), at(1), at(2)]
}

/** Steps of a scale, so that a picture needs few colours. */
const STEPS = 16

function stepped(share: number): number {
  return Math.round(Math.min(Math.max(share, 0), 1) * STEPS) / STEPS
}

/** Light for 0, dark for 1; a tint for what was hidden. */
export function grey(value: number, hidden = false): Rgb {
  return between(hidden ? [HIDDEN_PAPER, HIDDEN_INK] : [PAPER, INK], stepped(value))
}

/** White for 0, blue above it, vermilion below; `most` and beyond is the full colour. */
export function signed(value: number, most: number): Rgb {
  return between([PAPER, value < 0 ? VERMILION : BLUE], most === 0 ? 0 : stepped(Math.abs(value) / most))
}

export function told([red, green, blue]: Rgb): string {
  return `rgb(${red},${green},${blue})`
}
