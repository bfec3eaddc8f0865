import { colorsFor } from './colors.js'
import { terminalWidth } from './width.js'

const colors = colorsFor(process.stdout)
const GAP = '     '

export interface Drawing {
  readonly title: string
  readonly state: Int8Array
  /** Neurons in a row; by default the drawing is a square. */
  readonly width?: number
  /** Neurons to mark as wrong. */
  readonly marked?: readonly number[]
}

/** As many as fit the terminal side by side, the others below. */
export function sideBySide(drawings: readonly Drawing[], room: number | undefined = terminalWidth()): string {
  const lines: Drawing[][] = []
  let used = Number.POSITIVE_INFINITY
  for (const drawing of drawings) {
    const width = Math.max(columnsOf(drawing) * 2, drawing.title.length)
    used += GAP.length + width
    if (lines.length === 0 || (room !== undefined && used > room)) {
      lines.push([])
      used = width
    }
    lines[lines.length - 1].push(drawing)
  }
  return lines.map(inOneLine).join('\n\n')
}

function columnsOf({ state, width }: Drawing): number {
  return width ?? Math.sqrt(state.length)
}

/** Drawings of one height side by side with titles above. A neuron is two columns wide, so that it looks square. */
function inOneLine(drawings: readonly Drawing[]): string {
  const columns = drawings.map((drawing) => {
    const { title, state, marked = [] } = drawing
    const wide = columnsOf(drawing)
    const width = Math.max(wide * 2, title.length)
    const rows = Array.from({ length: state.length / wide }, (_, y) => {
      const cells = Array.from({ length: wide }, (_, x) => {
        const i = y * wide + x
        return cell(state[i], marked.includes(i))
      })
      return cells.join('') + ' '.repeat(width - wide * 2)
    })
    return [colors.bold(title.padEnd(width)), ...rows]
  })
  return columns[0]
    .map((_, line) =>
      columns
        .map((column) => column[line])
        .join(GAP)
        .trimEnd(),
    )
    .join('\n')
}

/** Marks differ in shape as well as colour, for terminals without colour and colour-blind readers. */
function cell(spin: number, marked: boolean): string {
  if (marked) return colors.yellow(spin === 1 ? '▒▒' : '░░')
  return spin === 1 ? '██' : colors.dim('· ')
}

/** The longest bar, and what stands before it. */
const BAR = 40
const BEFORE_BAR = 23

/** One line per flip: its number, the neuron, the energy and a bar. */
export function energyBars(
  energies: ArrayLike<number>,
  flips: ArrayLike<number>,
  room: number | undefined = terminalWidth(),
): string {
  const longest = Math.max(8, Math.min(BAR, (room ?? Number.POSITIVE_INFINITY) - BEFORE_BAR))
  const deepest = Math.min(...Array.from(energies))
  const lines = Array.from(energies, (energy, k) => {
    const bar = '━'.repeat(Math.round((longest * energy) / deepest))
    const neuron = k === 0 ? 'cue' : String(flips[k - 1])
    return `${String(k).padStart(4)}  ${neuron.padStart(6)}  ${energy.toFixed(2).padStart(7)}  ${colors.cyan(bar)}`
  })
  return [colors.dim('flip  neuron        E'), ...lines].join('\n')
}
