import { chained } from './runs.js'

/** What a neuron does at a field of exactly zero. */
export type Tie = 'positive' | 'negative' | 'keep'

/** The recall of B cues: what BatchResult of the package has. */
export interface Recalled {
  readonly states: Int8Array
  readonly converged: Uint8Array
  readonly sweeps: Uint32Array
  readonly flips: Uint32Array
  readonly energies: Float64Array
  readonly cycles: Uint32Array
  /** Where a cue ended in a two-cycle, its other state; elsewhere the final state. */
  readonly alternates?: Int8Array
  /** Of a dense memory: how many patterns have a part in the energy. */
  readonly active?: Uint32Array
}

/** Recalls of several batches as those of one. */
export function chainedRecalls(runs: readonly Recalled[]): Recalled {
  const all = {
    states: chained(runs.map((one) => one.states)),
    converged: chained(runs.map((one) => one.converged)),
    sweeps: chained(runs.map((one) => one.sweeps)),
    flips: chained(runs.map((one) => one.flips)),
    energies: chained(runs.map((one) => one.energies)),
    cycles: chained(runs.map((one) => one.cycles)),
  }
  const active = runs.flatMap((one) => one.active ?? [])
  return {
    ...all,
    ...(runs.some((one) => one.alternates !== undefined) && {
      alternates: chained(runs.map((one) => one.alternates ?? one.states)),
    }),
    ...(active.length > 0 && { active: chained(active) }),
  }
}

export interface Updating {
  readonly maxSweeps: number
  readonly tie: Tie
  /** N flags: neurons that keep the cue's value. */
  readonly clamp?: ArrayLike<number> | undefined
}

/** The value that a neuron takes. */
export function updated(field: number, value: number, i: number, { tie, clamp }: Updating): number {
  if (clamp !== undefined && clamp[i] !== 0) return value
  if (field !== 0) return field > 0 ? 1 : -1
  return tie === 'positive' ? 1 : tie === 'negative' ? -1 : value
}

/** Fields whose signs neurons take: B states in, B × N numbers out. */
export type Fields = (states: Int8Array) => Promise<Float64Array>

const same = (a: Int8Array, b: Int8Array): boolean => a.every((s, i) => s === b[i])

/** Finds states that repeat by keeping one of them (Brent 1980), as the package does. */
class CycleWatch {
  #kept: Int8Array
  #since = 0
  #most = 1

  constructor(state: Int8Array) {
    this.#kept = state.slice()
  }

  closes(state: Int8Array): number {
    this.#since++
    if (same(state, this.#kept)) return this.#since
    if (this.#since === this.#most) {
      this.#kept = state.slice()
      this.#since = 0
      this.#most *= 2
    }
    return 0
  }
}

/**
 * Synchronous recalls of B cues in lock-step: one question a sweep for all cues that have not come to rest.
 * @param cycles whether states may repeat after more than two sweeps.
 */
export async function synchronous(
  cues: Int8Array,
  neurons: number,
  updating: Updating,
  fields: Fields,
  cycles: boolean,
): Promise<Omit<Recalled, 'energies'>> {
  const count = cues.length / neurons
  const rowOf = (rows: Int8Array, b: number): Int8Array => rows.subarray(b * neurons, (b + 1) * neurons)
  const states = Int8Array.from(cues)
  const before: (Int8Array | undefined)[] = new Array(count).fill(undefined)
  const watches = Array.from({ length: cycles ? count : 0 }, (_, b) => new CycleWatch(rowOf(states, b)))
  const [sweeps, flips, cycle] = [new Uint32Array(count), new Uint32Array(count), new Uint32Array(count)]
  let running = Array.from({ length: count }, (_, b) => b)
  for (let sweep = 0; sweep < updating.maxSweeps && running.length > 0; sweep++) {
    const asked = new Int8Array(running.length * neurons)
    for (const [k, b] of running.entries()) asked.set(rowOf(states, b), k * neurons)
    const heard = await fields(asked)
    running = running.filter((b, k) => {
      const state = rowOf(asked, k)
      const next = rowOf(states, b)
      let changed = 0
      for (let i = 0; i < neurons; i++) {
        next[i] = updated(heard[k * neurons + i], state[i], i, updating)
        if (next[i] !== state[i]) changed++
      }
      const previous = before[b]
      const returned = previous !== undefined && same(previous, next)
      before[b] = state
      sweeps[b]++
      flips[b] += changed
      const length = watches[b]?.closes(next) ?? 0
      cycle[b] = changed === 0 ? 1 : returned ? 2 : length
      return cycle[b] === 0
    })
  }
  const converged = Uint8Array.from(cycle, (length) => (length === 1 ? 1 : 0))
  if (!cycle.includes(2)) return { states, converged, sweeps, flips, cycles: cycle }
  const alternates = states.slice()
  for (let b = 0; b < count; b++) if (cycle[b] === 2) rowOf(alternates, b).set(before[b] ?? [])
  return { states, converged, sweeps, flips, cycles: cycle, alternates }
}
