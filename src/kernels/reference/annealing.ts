import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'
import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import {
  type Acceptance,
  type AnnealingMemory,
  type AnnealingPlan,
  GROUP,
  MOST_COUNTED,
} from '../contract/kernels.js'
import { paddedStride, rowWords } from '../contract/layout.js'
import type { FieldState } from './field-state.js'
import { fieldState } from './forms.js'
import { philox } from './random.js'

type Fields = Float64Array | undefined
type Single = Exclude<Acceptance, 'mixed'>

/** One replica, whose totals h_i + b_i follow its flips. */
interface Replica {
  readonly spins: Int8Array
  /** Operations of one total or one flip, about. */
  readonly effort: number
  begin(): Generator<void, void>
  total(i: number): number
  flip(i: number): void
}

/** Whole numbers are kept from flip to flip: they cannot drift. */
class WholeReplica implements Replica {
  readonly spins: Int8Array
  readonly effort: number
  readonly #memory: AnnealingMemory
  readonly #totals: Int32Array

  constructor(memory: AnnealingMemory, field: Fields, spins: Int8Array) {
    this.spins = spins
    this.#memory = memory
    this.#totals = field === undefined ? new Int32Array(memory.neurons) : Int32Array.from(field)
    // Most visits flip nothing.
    this.effort = Math.ceil(memory.weights.length / memory.neurons / 8)
  }

  *begin(): Generator<void, void> {
    const pace = new Pace()
    for (let i = 0; i < this.#memory.neurons; i++) {
      this.#reach(i, this.spins[i])
      if (pace.due(8 * this.effort)) yield
    }
  }

  total(i: number): number {
    return this.#totals[i]
  }

  flip(i: number): void {
    this.spins[i] = -this.spins[i]
    this.#reach(i, 2 * this.spins[i])
  }

  /** Adds `amount` times the weights of neuron i to the totals. */
  #reach(i: number, amount: number): void {
    const memory = this.#memory
    if (memory.form === 'matrix') {
      const base = i * paddedStride(memory.neurons)
      for (let j = 0; j < memory.neurons; j++) this.#totals[j] += amount * memory.weights[base + j]
      return
    }
    const { starts, sources, weights } = memory
    for (let k = starts[i]; k < starts[i + 1]; k++) this.#totals[sources[k]] += amount * weights[k]
  }
}

/** Real numbers are summed at each look, in the one order of their form. */
class RealReplica implements Replica {
  readonly spins: Int8Array
  readonly effort: number
  readonly #state: Uint32Array
  readonly #form: FieldState
  readonly #field: Fields

  constructor(memory: AnnealingMemory, field: Fields, spins: Int8Array) {
    this.spins = spins
    this.#field = field
    this.#form = fieldState(memory)
    this.#state = new Uint32Array(rowWords(memory.neurons))
    for (const [i, spin] of spins.entries()) if (spin > 0) this.#state[i >>> 5] |= 1 << (i & 31)
    this.effort = this.#form.effort
  }

  begin(): Generator<void, void> {
    return this.#form.begin(this.#state)
  }

  total(i: number): number {
    return this.#form.field(i, this.spins[i] as 1 | -1) + (this.#field?.[i] ?? 0)
  }

  flip(i: number): void {
    this.spins[i] = -this.spins[i]
    this.#state[i >>> 5] ^= 1 << (i & 31)
    this.#form.flipped(i, this.spins[i] as 1 | -1)
  }
}

/** Replicas as rows of ±1, and back. */
function readReplica(replicas: Uint32Array, words: number, r: number, neurons: number): Int8Array {
  const spins = new Int8Array(neurons)
  const at = r >>> 5
  for (let i = 0; i < neurons; i++) spins[i] = ((replicas[2 * words * i + at] >>> (r & 31)) & 1) * 2 - 1
  return spins
}

function writeReplica(spins: Int8Array, replicas: Uint32Array, words: number, r: number): void {
  const bit = 1 << (r & 31)
  for (let i = 0, at = r >>> 5; i < spins.length; i++, at += 2 * words) {
    replicas[at] = spins[i] > 0 ? replicas[at] | bit : replicas[at] & ~bit
  }
}

/** How one sweep accepts. */
function acceptanceOf({ acceptance, firstSweep }: AnnealingPlan, sweep: number): Single {
  if (acceptance !== 'mixed') return acceptance
  return (firstSweep + sweep) % 4 === 3 ? 'glauber' : 'metropolis'
}

/** Whether a flip that costs 2x is taken with the word w. */
type Accepts = (x: number, w: number) => boolean

/** 2·(β·x), which is 0 at x = 0 even where β is infinite. */
function costOf(beta: number, x: number): number {
  return x === 0 ? 0 : 2 * (beta * x)
}

function probability(acceptance: Single, beta: number, x: number): number {
  const e = exp(-costOf(beta, Math.abs(x)))
  if (acceptance === 'metropolis') return e
  return (x > 0 ? e : 1) / (1 + e)
}

/** ⌊p·2^32⌋ for x = first, first + 1, … as far as it is not 0, at most 2^32 − 1. */
function* acceptances(acceptance: Single, beta: number, first: number, most: number): Generator<number> {
  for (let x = first; x <= most; x++) {
    const limit = Math.floor(probability(acceptance, beta, x) * 2 ** 32)
    if (limit === 0) return
    yield Math.min(limit, 2 ** 32 - 1)
  }
}

function countedRule(acceptance: Single, beta: number, most: number): Accepts {
  const first = acceptance === 'metropolis' ? 1 : -most
  const limits = Uint32Array.from(acceptances(acceptance, beta, first, most))
  return (x, w) => x < first || (x - first < limits.length && w < limits[x - first])
}

function realRule(acceptance: Single, beta: number): Accepts {
  const uniform = (w: number): number => (w + 0.5) * 2 ** -32
  if (acceptance === 'metropolis') return (x, w) => x <= 0 || costOf(beta, x) <= -log(uniform(w))
  return (x, w) => costOf(beta, x) <= log(1 - uniform(w)) - log(uniform(w))
}

/** The largest |h_i + b_i| that there can be; Infinity if not all of them are whole numbers. */
function* largestTotal(memory: AnnealingMemory, field: Fields): Generator<void, number> {
  const { neurons, weights } = memory
  const whole = weights instanceof Int32Array && (field?.every(Number.isInteger) ?? true)
  if (!whole) return Number.POSITIVE_INFINITY
  const pace = new Pace()
  let most = 0
  for (let i = 0; i < neurons; i++) {
    const stride = paddedStride(neurons)
    const [from, end] =
      memory.form === 'matrix' ? [i * stride, i * stride + neurons] : [memory.starts[i], memory.starts[i + 1]]
    let sum = Math.abs(field?.[i] ?? 0)
    for (let k = from; k < end; k++) sum += Math.abs(weights[k])
    most = Math.max(most, sum)
    if (pace.due(end - from)) yield
  }
  return most
}

function kindFor(most: number): typeof WholeReplica | typeof RealReplica {
  return most < 2 ** 30 ? WholeReplica : RealReplica
}

export function anneal(...given: Parameters<typeof annealSteps>): void {
  atOnce(annealSteps(...given))
}

export function* annealSteps(
  memory: AnnealingMemory,
  plan: AnnealingPlan,
  replicas: Uint32Array,
  count: number,
): Generator<void, void> {
  const { neurons } = memory
  const { externalField, seedLow, seedHigh, group } = plan
  const most = yield* largestTotal(memory, externalField)
  const Kind = kindFor(most)
  const words = Math.ceil(count / 64)
  const pace = new Pace()
  const chains: Replica[] = []
  for (let r = 0; r < count; r++) {
    const chain = new Kind(memory, externalField, readReplica(replicas, words, r, neurons))
    yield* chain.begin()
    chains.push(chain)
    if (pace.due(8 * neurons)) yield
  }
  const drawn = new Uint32Array(neurons)
  for (const [sweep, beta] of plan.betas.entries()) {
    const counted = most < MOST_COUNTED
    const accepts = (counted ? countedRule : realRule)(acceptanceOf(plan, sweep), beta, most)
    for (const [r, chain] of chains.entries()) {
      if (r === 0 || !counted) {
        const query = counted ? group : group * GROUP + r
        philox(seedLow, seedHigh, plan.firstSweep + sweep, query >>> 0, Math.floor(query / 2 ** 32), drawn)
      }
      for (let i = 0; i < neurons; i++) {
        if (accepts(chain.spins[i] * chain.total(i), drawn[i])) chain.flip(i)
        if (pace.due(chain.effort + 4)) yield
      }
    }
  }
  for (const [r, chain] of chains.entries()) {
    writeReplica(chain.spins, replicas, words, r)
    if (pace.due(8 * neurons)) yield
  }
}

export function replicaQuadratics(...given: Parameters<typeof replicaQuadraticSteps>): void {
  atOnce(replicaQuadraticSteps(...given))
}

export function* replicaQuadraticSteps(
  memory: AnnealingMemory,
  externalField: Fields,
  replicas: Uint32Array,
  count: number,
  out: Float64Array,
): Generator<void, void> {
  const words = Math.ceil(count / 64)
  const Kind = kindFor(yield* largestTotal(memory, externalField))
  const pace = new Pace()
  for (let r = 0; r < count; r++) {
    const replica = new Kind(memory, externalField, readReplica(replicas, words, r, memory.neurons))
    yield* replica.begin()
    let sum = 0
    for (let i = 0; i < memory.neurons; i++) {
      sum += replica.spins[i] * (replica.total(i) + (externalField?.[i] ?? 0))
      if (pace.due(replica.effort + 8)) yield
    }
    out[r] = sum
  }
}
