import { colorsFor } from './colors.js'

const colors = colorsFor(process.stdout)
const GAP = '     '

export interface Drawing {
  readonly title: string
  readonly state: Int8Array
  /** Neurons to mark as wrong. */
  readonly marked?: readonly number[]
}

/** Square glyphs side by side with titles above. A neuron is two columns wide, so that it looks square. */
export function sideBySide(drawings: readonly Drawing[]): string {
  const columns = drawings.map(({ title, state, marked = [] }) => {
    const side = Math.sqrt(state.length)
    const width = Math.max(side * 2, title.length)
    const rows = Array.from({ length: side }, (_, y) => {
      const cells = Array.from({ length: side }, (_, x) => {
        const i = y * side + x
        return cell(state[i], marked.includes(i))
      })
      return cells.join('') + ' '.repeat(width - side * 2)
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

const BAR = 40

/** One line per flip: its number, the neuron, the energy and a bar. */
export function energyBars(energies: ArrayLike<number>, flips: ArrayLike<number>): string {
  const deepest = Math.min(...Array.from(energies))
  const lines = Array.from(energies, (energy, k) => {
    const bar = '━'.repeat(Math.round((BAR * energy) / deepest))
    const neuron = k === 0 ? 'cue' : String(flips[k - 1])
    return `${String(k).padStart(4)}  ${neuron.padStart(6)}  ${energy.toFixed(2).padStart(7)}  ${colors.cyan(bar)}`
  })
  return [colors.dim('flip  neuron        E'), ...lines].join('\n')
}
