import { DataError } from './errors.js'

/** Width and height of the picture that a state is drawn as. */
export interface Grid {
  readonly width: number
  readonly height: number
}

/** Patterns of one size, in the order of reading. */
export interface PatternSet {
  readonly neurons: number
  /** One name per pattern. */
  readonly names: readonly string[]
  /** P × N values ±1, row-major. */
  readonly states: Int8Array
  /** Undefined if the file does not say: a .npy of two axes does not. */
  readonly grid: Grid | undefined
}

/** One pattern as a reader returns it. */
export interface Glyph {
  readonly name: string
  readonly grid: Grid
  readonly state: Int8Array
}

export function sizeOf(grid: Grid): string {
  return `${grid.width}×${grid.height}`
}

/** Glyphs as one set. Refuses different sizes and names the first two. */
export function gather(path: string, glyphs: readonly Glyph[], hint = ''): PatternSet {
  const [first] = glyphs
  const neurons = first.state.length
  const states = new Int8Array(glyphs.length * neurons)
  for (const [mu, { name, grid, state }] of glyphs.entries()) {
    if (grid.width !== first.grid.width || grid.height !== first.grid.height) {
      throw new DataError(
        `${path}: ${first.name} is ${sizeOf(first.grid)}, but ${name} is ${sizeOf(grid)}${hint}`,
      )
    }
    states.set(state, mu * neurons)
  }
  return { neurons, names: glyphs.map(({ name }) => name), states, grid: first.grid }
}

/** Joins the sets of several files. */
export function concatenate(sets: readonly PatternSet[], paths: readonly string[]): PatternSet {
  const [first] = sets
  if (sets.length === 1) return first
  for (const [k, set] of sets.entries()) requireSameSize(first, paths[0], set, paths[k])
  const states = new Int8Array(sets.reduce((length, set) => length + set.states.length, 0))
  let at = 0
  for (const set of sets) {
    states.set(set.states, at)
    at += set.states.length
  }
  return {
    neurons: first.neurons,
    names: sets.flatMap((set) => set.names),
    states,
    grid: sets.find((set) => set.grid !== undefined)?.grid,
  }
}

export function requireSameSize(a: PatternSet, nameA: string, b: PatternSet, nameB: string): void {
  if (a.neurons !== b.neurons) {
    throw new DataError(
      `${nameB}: patterns have ${b.neurons} neurons, but patterns of ${nameA} have ${a.neurons}`,
    )
  }
  if (a.grid === undefined || b.grid === undefined || a.grid.width === b.grid.width) return
  throw new DataError(
    `${nameB}: patterns are ${sizeOf(b.grid)}, but patterns of ${nameA} are ${sizeOf(a.grid)}`,
  )
}

/** The grid on which to draw N neurons: the known one, else a square, else a single row. */
export function gridOf(neurons: number, known: Grid | undefined): Grid {
  if (known !== undefined) return known
  const side = Math.sqrt(neurons)
  return Number.isInteger(side) ? { width: side, height: side } : { width: neurons, height: 1 }
}
