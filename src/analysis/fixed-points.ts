import { HopfieldError } from '../errors.js'
import { checkChoice, checkOptions } from '../input/validate.js'
import type { Tie } from '../kernels/contract/kernels.js'
import { checkNetwork, type StateNetwork } from './networks.js'

/** All fixed points of a small network, lowest energy first; see {@link fixedPoints}. */
export interface FixedPoints {
  count: number
  /** count × N values ±1, row-major. */
  states: Int8Array
  energies: Float64Array
}

const MOST = 24
const MOST_WITHOUT_WEIGHTS = 16
/** After this many flips the kept fields are computed again, so that rounding errors do not add up. */
const RENEWAL = 1 << 16

/**
 * Finds every state that no update changes, by visiting all 2^N states: N ≤ 24, or N ≤ 16 for a network without `weights`.
 * Each state differs from the one before by one flip (Gray 1953), so fields cost O(N) per state. `isFixedPoint` confirms each
 * candidate, so rounding errors do not matter.
 * @param options.tie as for `isFixedPoint`; 'positive' by default.
 * @throws HopfieldError ERR_HOPFIELD_RANGE if N is larger; ERR_HOPFIELD_OPTION.
 */
export function fixedPoints(network: StateNetwork, options: { tie?: Tie } = {}): FixedPoints {
  checkNetwork('fixedPoints', network, { counts: ['neurons'], methods: ['energy', 'isFixedPoint'] })
  checkOptions('fixedPoints', options, ['tie'])
  const { tie = 'positive' } = options
  checkChoice('fixedPoints: tie', tie, ['positive', 'negative', 'keep'])
  const n = network.neurons
  const most = network.weights === undefined ? MOST_WITHOUT_WEIGHTS : MOST
  if (n > most) {
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `fixedPoints: network: expected at most ${most} neurons, got ${n}`,
    )
  }
  const found: { state: Int8Array; energy: number }[] = []
  const look = (state: Int8Array): void => {
    if (network.isFixedPoint(state, { tie })) {
      found.push({ state: state.slice(), energy: network.energy(state) })
    }
  }
  walk(n, network.weights?.({ normalize: true }), look)
  found.sort((a, b) => a.energy - b.energy)
  const states = new Int8Array(found.length * n)
  for (const [k, { state }] of found.entries()) states.set(state, k * n)
  return { count: found.length, states, energies: Float64Array.from(found, ({ energy }) => energy) }
}

/** Visits all states, starting from all −1; with weights, only states that agree with their kept fields. */
function walk(n: number, weights: Float64Array | undefined, look: (state: Int8Array) => void): void {
  const state = new Int8Array(n).fill(-1)
  const fields = weights && new KeptFields(weights, n)
  fields?.renew(state)
  const last = 2 ** n
  for (let step = 1; ; step++) {
    if (fields === undefined || fields.allow(state)) look(state)
    if (step === last) return
    // The bit of the Gray code that changes: the lowest one set in `step`.
    const j = 31 - Math.clz32(step & -step)
    state[j] = -state[j]
    if (step % RENEWAL === 0) fields?.renew(state)
    else fields?.flipped(j, state[j])
  }
}

/** Local fields that are updated at each flip. */
class KeptFields {
  readonly #n: number
  readonly #columns: Float64Array
  readonly #fields: Float64Array
  /** An upper bound on the rounding error of a field. */
  readonly #slack: number

  constructor(weights: Float64Array, n: number) {
    this.#n = n
    this.#columns = new Float64Array(n * n)
    this.#fields = new Float64Array(n)
    let largest = 0
    for (let i = 0; i < n; i++) {
      let size = 0
      for (let j = 0; j < n; j++) {
        this.#columns[j * n + i] = weights[i * n + j]
        size += Math.abs(weights[i * n + j])
      }
      largest = Math.max(largest, size)
    }
    this.#slack = 1e-9 * largest
  }

  renew(state: Int8Array): void {
    this.#fields.fill(0)
    for (let j = 0; j < this.#n; j++) this.#add(j, state[j])
  }

  flipped(j: number, value: number): void {
    this.#add(j, 2 * value)
  }

  allow(state: Int8Array): boolean {
    for (let i = 0; i < this.#n; i++) {
      if (state[i] * this.#fields[i] < -this.#slack) return false
    }
    return true
  }

  #add(j: number, factor: number): void {
    const n = this.#n
    for (let i = 0; i < n; i++) this.#fields[i] += factor * this.#columns[j * n + i]
  }
}
