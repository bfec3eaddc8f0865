import { WHOLE } from '../async/async-options.js'
import { allBeside, allHere, Mark, type Steps } from '../async/steps.js'
import { allocate, HopfieldError } from '../errors.js'
import { choice, type Given, Schema } from '../input/options.js'
import type { Tie } from '../kernels/contract/kernels.js'
import { checkNetwork, type StateNetwork } from './networks.js'

/** All fixed points of a small network, lowest energy first; see {@link fixedPoints}. */
export interface FixedPoints {
  count: number
  /** count × N values ±1, row-major. */
  states: Int8Array
  energies: Float64Array
}

const TIE = {
  /** As for `isFixedPoint`; 'positive' by default. */
  tie: choice<Tie>(['positive', 'negative', 'keep'], 'positive'),
}
const SCHEMA = new Schema(TIE)
const TIE_ASYNC = { ...TIE, ...WHOLE }
const LATER = new Schema(TIE_ASYNC)

/** Options of `fixedPointsAsync`. */
export interface FixedPointsAsyncOptions extends Given<typeof TIE_ASYNC> {}

const MOST = 24
const MOST_WITHOUT_WEIGHTS = 16
/** States that are visited in one step. */
const SOME = 1 << 10
/** After this many flips the kept fields are computed again, so that rounding errors do not add up. */
const RENEWAL = 1 << 16

/**
 * Finds every state that no update changes, by visiting all 2^N states: N ≤ 24, or N ≤ 16 for a network without `weights`.
 * Each state differs from the one before by one flip (Gray 1953), so fields cost O(N) per state. `isFixedPoint` confirms each
 * candidate, so rounding errors do not matter.
 * @param options.tie as for `isFixedPoint`; 'positive' by default.
 * @throws HopfieldError ERR_HOPFIELD_RANGE if N is larger; ERR_HOPFIELD_OPTION.
 */
export function fixedPoints(network: StateNetwork, options?: Given<typeof TIE>): FixedPoints {
  const { tie } = SCHEMA.read('fixedPoints', options)
  return allHere(allFixed('fixedPoints', network, tie))
}

/**
 * As `fixedPoints`, beside other work: the same result. It computes on this thread, in small steps, whatever `threads`; progress counts
 * states. Do not change the network meanwhile.
 * @throws HopfieldError as `fixedPoints`. The promise rejects; nothing is thrown.
 */
export async function fixedPointsAsync(
  network: StateNetwork,
  options?: FixedPointsAsyncOptions,
): Promise<FixedPoints> {
  const read = LATER.read('fixedPointsAsync', options)
  return allBeside(allFixed('fixedPointsAsync', network, read.tie), read)
}

function* allFixed(method: string, network: StateNetwork, tie: Tie): Steps<FixedPoints> {
  checkNetwork(method, network, { counts: ['neurons'], methods: ['energy', 'isFixedPoint'] })
  const n = network.neurons
  const most = network.weights === undefined ? MOST_WITHOUT_WEIGHTS : MOST
  if (n > most) {
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `${method}: network: expected at most ${most} neurons, got ${n}`,
    )
  }
  const found = new Found(n)
  const look = (state: Int8Array): void => {
    if (network.isFixedPoint(state, { tie })) found.add(state, network.energy(state))
  }
  const weights = network.weights?.({ normalize: true })
  yield* walk(n, weights && new KeptFields(weights, ownFields(network, weights)), look)
  return found.sorted()
}

/** States and their energies, a word and a number each: without weights and with `tie` 'keep', all 2^N states are fixed. */
class Found {
  readonly #n: number
  #words = new Uint32Array(64)
  #energies = new Float64Array(64)
  #count = 0

  constructor(n: number) {
    this.#n = n
  }

  add(state: Int8Array, energy: number): void {
    if (this.#count === this.#words.length) {
      const room = 2 * this.#count
      const [words, energies] = [this.#words, this.#energies]
      this.#words = allocate('fixedPoints', room * 4, () => new Uint32Array(room))
      this.#energies = allocate('fixedPoints', room * 8, () => new Float64Array(room))
      this.#words.set(words)
      this.#energies.set(energies)
    }
    let word = 0
    for (let i = 0; i < this.#n; i++) if (state[i] > 0) word |= 1 << i
    this.#words[this.#count] = word
    this.#energies[this.#count++] = energy
  }

  /** The lowest energy first; among equals as they were found. */
  sorted(): FixedPoints {
    const [n, count] = [this.#n, this.#count]
    const order = allocate('fixedPoints', count * 4, () => new Uint32Array(count))
    for (let k = 0; k < count; k++) order[k] = k
    order.sort((a, b) => this.#energies[a] - this.#energies[b] || a - b)
    const states = allocate('fixedPoints', count * n, () => new Int8Array(count * n))
    const energies = allocate('fixedPoints', count * 8, () => new Float64Array(count))
    for (let k = 0; k < count; k++) {
      const word = this.#words[order[k]]
      for (let i = 0; i < n; i++) states[k * n + i] = (word >>> i) & 1 ? 1 : -1
      energies[k] = this.#energies[order[k]]
    }
    return { count, states, energies }
  }
}

/**
 * What the local fields of a network have beyond J·s: the constant field of a rule, the thresholds of 0/1 units. A flip of neuron i
 * raises E by 2·s_i·(Σ_j (J_ij + J_ji)·s_j/2 + b_i), j ≠ i.
 */
function ownFields(network: StateNetwork, weights: Float64Array): Float64Array {
  const n = network.neurons
  const state = new Int8Array(n).fill(-1)
  const before = network.energy(state)
  return Float64Array.from({ length: n }, (_, i) => {
    state[i] = 1
    let field = (before - network.energy(state)) / 2
    state[i] = -1
    for (let j = 0; j < n; j++) if (j !== i) field += (weights[i * n + j] + weights[j * n + i]) / 2
    return field
  })
}

/** Visits all states, starting from all −1; with fields, only states that agree with them. */
function* walk(n: number, fields: KeptFields | undefined, look: (state: Int8Array) => void): Steps<void> {
  const state = new Int8Array(n).fill(-1)
  fields?.renew(state)
  const last = 2 ** n
  for (let step = 1; ; step++) {
    if (fields === undefined || fields.allow(state)) look(state)
    if (step === last) return yield new Mark(step, last)
    if (step % SOME === 0) yield new Mark(step, last)
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
  readonly #own: Float64Array
  readonly #fields: Float64Array
  /** An upper bound on the rounding error of a field. */
  readonly #slack: number

  constructor(weights: Float64Array, own: Float64Array) {
    const n = own.length
    this.#n = n
    this.#own = own
    this.#columns = new Float64Array(n * n)
    this.#fields = new Float64Array(n)
    let largest = 0
    for (let i = 0; i < n; i++) {
      let size = Math.abs(own[i])
      for (let j = 0; j < n; j++) {
        this.#columns[j * n + i] = weights[i * n + j]
        size += Math.abs(weights[i * n + j])
      }
      largest = Math.max(largest, size)
    }
    this.#slack = 1e-9 * largest
  }

  renew(state: Int8Array): void {
    this.#fields.set(this.#own)
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
