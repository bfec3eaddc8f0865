import { visitingOrder } from 'hopfield-native'
import type { Fields, Recalled, Updating } from './synchronous.js'
import { updated } from './synchronous.js'

export interface Visiting extends Updating {
  /** As in a recall of the package; an array is visited in its order in every sweep. */
  readonly order: 'random' | 'cyclic' | 'random-site' | ArrayLike<number>
  readonly seed: number | bigint
  /** Of cue b: `stream` + b, or streams[b]. */
  readonly stream: number
  readonly streams?: ArrayLike<number> | undefined
}

/** Columns of N·J of some neurons: C × N whole numbers. */
export type Columns = (neurons: Uint32Array) => Promise<Float64Array>

/** Columns that one question asks for, beside the one that a flip is waiting for. */
const AHEAD = 32

/** One cue, walked from visit to visit until a column is wanted that is not known. */
class Walk {
  flips = 0
  sweeps = 0
  cycle = 0
  readonly #state: Int8Array
  readonly #fields: Float64Array
  readonly #plan: Visiting
  readonly #stream: number
  #visits: ArrayLike<number> = []
  #at = 0
  #before = 0

  /** @param state the cue; it becomes the state. */
  constructor(state: Int8Array, fields: Float64Array, plan: Visiting, stream: number) {
    this.#state = state
    this.#fields = fields
    this.#plan = plan
    this.#stream = stream
  }

  /** The neuron whose column is wanted; undefined at the end. */
  go(columns: ReadonlyMap<number, Float64Array>): number | undefined {
    const { maxSweeps, order } = this.#plan
    while (true) {
      if (this.#at === this.#visits.length) {
        if (this.#visits.length > 0) {
          this.sweeps++
          if (this.flips === this.#before && (order !== 'random-site' || this.#unstable().next().done)) {
            this.cycle = 1
            return undefined
          }
        }
        if (this.sweeps === maxSweeps) return undefined
        this.#before = this.flips
        this.#visits = this.#order()
        this.#at = 0
      }
      const i = this.#visits[this.#at]
      const value = this.#state[i]
      if (updated(this.#fields[i], value, i, this.#plan) !== value) {
        const column = columns.get(i)
        if (column === undefined) return i
        this.#state[i] = -value
        for (let j = 0; j < column.length; j++) this.#fields[j] -= 2 * value * column[j]
        this.flips++
      }
      this.#at++
    }
  }

  /** Neurons that would flip if they were visited now, and so may soon. */
  *#unstable(): Generator<number, void> {
    for (const [i, value] of this.#state.entries()) {
      if (updated(this.#fields[i], value, i, this.#plan) !== value) yield i
    }
  }

  /** The columns that this walk may want next, known ones left out. */
  ahead(columns: ReadonlyMap<number, Float64Array>): number[] {
    const wanted: number[] = []
    for (const i of this.#unstable()) {
      if (wanted.length === AHEAD) break
      if (!columns.has(i)) wanted.push(i)
    }
    return wanted
  }

  #order(): ArrayLike<number> {
    const { order, seed } = this.#plan
    if (typeof order !== 'string') return order
    return visitingOrder({
      neurons: this.#state.length,
      order,
      seed,
      stream: this.#stream,
      sweep: this.sweeps,
    })
  }
}

/**
 * Asynchronous recalls of B cues. The parts are asked for the fields of the cues once. A flip of neuron j changes them by a column of the
 * weights, whole numbers that the parts add up to; columns do not depend on the state, so they are asked for ahead, for all cues
 * together, and each at most once. So there is a question for every round of new columns, and none for a visit.
 */
export async function asynchronous(
  cues: Int8Array,
  neurons: number,
  plan: Visiting,
  fields: Fields,
  columnsOf: Columns,
): Promise<Omit<Recalled, 'energies'>> {
  const count = cues.length / neurons
  const states = Int8Array.from(cues)
  const heard = await fields(states)
  const walks = Array.from(
    { length: count },
    (_, b) =>
      new Walk(
        states.subarray(b * neurons, (b + 1) * neurons),
        heard.subarray(b * neurons, (b + 1) * neurons),
        plan,
        plan.streams?.[b] ?? plan.stream + b,
      ),
  )
  const columns = new Map<number, Float64Array>()
  let running = walks
  while (true) {
    const wanted = new Set<number>()
    running = running.filter((walk) => {
      const missing = walk.go(columns)
      if (missing === undefined) return false
      for (const j of [missing, ...walk.ahead(columns)]) wanted.add(j)
      return true
    })
    if (wanted.size === 0) break
    const asked = Uint32Array.from(wanted)
    const rows = await columnsOf(asked)
    for (const [c, j] of asked.entries()) columns.set(j, rows.subarray(c * neurons, (c + 1) * neurons))
  }
  return {
    states,
    converged: Uint8Array.from(walks, ({ cycle }) => (cycle === 1 ? 1 : 0)),
    sweeps: Uint32Array.from(walks, ({ sweeps }) => sweeps),
    flips: Uint32Array.from(walks, ({ flips }) => flips),
    cycles: Uint32Array.from(walks, ({ cycle }) => cycle),
  }
}
