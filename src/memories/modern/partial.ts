import { allocate, describe, HopfieldError } from '../../errors.js'
import { choice, type Given, required, Schema, unread } from '../../input/options.js'
import type { Float32s, Float64s, NumbersLike, Uint32s } from '../../input/typed-arrays.js'
import { checkInteger, checkNumber, checkReals, isPlainObject } from '../../input/validate.js'
import type { Vectors } from '../../input/vectors.js'
import {
  type Kernels,
  type KeyMemory,
  type RetrievalPlan,
  softmaxCut,
  softmaxSpread,
} from '../../kernels/contract/kernels.js'
import { fold8 } from '../../numerics/dot8.js'
import { exp } from '../../numerics/exp.js'
import { type QueryFacts, queryFacts } from '../../numerics/query-facts.js'
import { energyOf } from './retrieval-steps.js'

// A recall from a memory whose keys lie in several parts. Real sums have one order, ascending in the key; so a part goes on from what the
// parts before it have summed, and the last one has the sums of the whole, to the last bit.

const FACTS = {
  /** M of the whole. */
  count: required<number>((name, value) => checkInteger(name, value, 1, 2 ** 32)),
  /** The largest ‖x‖. */
  largestNorm: required<number>((name, value) => checkNumber(name, value, 0, Number.MAX_VALUE)),
  /** The least and the largest ln w of its patterns' weights, 0 where all weigh the same. */
  leastLog: required<number>((name, value) => checkNumber(name, value, -1000, 1000)),
  mostLog: required<number>((name, value) => checkNumber(name, value, -1000, 1000)),
  /** The sum of the weights: M where all weigh the same. */
  total: required<number>((name, value) => checkNumber(name, value, 0, Number.MAX_VALUE)),
}
const FACTS_SCHEMA = new Schema(FACTS)

/** What a recall must know of all keys, whichever of them are at hand. */
export interface KeyFacts extends Given<typeof FACTS> {}

/** What B queries have gathered from the first keys of a whole. */
export interface KeySums {
  /** How many keys these are. */
  count: number
  /** Numbers a query: d for keys, e for values, 0 where only energies are wanted. */
  width: number
  /** B × width: Σ w_μ x^μ. */
  sums: Float64s
  /** B × 8: the accumulators of Σ w_μ, key μ in μ mod 8. */
  weights: Float64s
  /** B: Σ max(0, 1 + z_μ − z°) with separation 'epanechnikov', otherwise 0. */
  reached: Float64s
  /** B: how many keys have had weight. */
  active: Uint32s
}

/** A step of B queries, complete. */
export interface KeyStep {
  /** B × width, rounded to f32. */
  states: Float32s
  /** How many keys had weight. */
  active: Uint32s
  /** E of the queries. */
  energies: Float64s
}

/** What to add the weighted sum of; 'nothing': only weights. */
export const ADDENDS = ['keys', 'values', 'nothing'] as const
export type Addend = (typeof ADDENDS)[number]

const PART = {
  /** The facts of the whole memory: its `keyFacts`. */
  whole: required<KeyFacts>(readFacts),
}
const SUMMING = {
  ...PART,
  /** What the weights of each query are taken relative to: B numbers, the largest of all parts' `peaks`. */
  peaks: { ...unread<NumbersLike>(), required: true },
  /** Sums of the keys before this part's first one, from `partial` of the part before; none by default. */
  before: unread<KeySums>(),
  /** What to sum by weight: 'values' (default), 'keys', or 'nothing' where only energies are wanted. */
  addend: choice<Addend>(ADDENDS, 'values'),
} as const
export const PEAKS = new Schema(PART)
export const PARTIAL = new Schema(SUMMING)

/** Options of `peaks`. */
export interface PeaksOptions extends Given<typeof PART> {}

/** Options of `partial` and `complete`. */
export interface PartialOptions extends Given<typeof SUMMING> {}

export function readFacts(name: string, given: unknown): KeyFacts {
  return FACTS_SCHEMA.readWithin(name, given)
}

export function factsOf({ count, largestNorm, salience }: KeyMemory): KeyFacts {
  const { leastLog = 0, mostLog = 0, total = count } = salience ?? {}
  return { count, largestNorm, leastLog, mostLog, total }
}

/** Checks sums that came from elsewhere, and copies them; empty ones where there are none. */
export function readSums(name: string, given: unknown, queries: number, width: number): KeySums {
  if (given === undefined) {
    const reals = (length: number): Float64s =>
      allocate(name, length * 8, () => new Float64Array(length)) as Float64s
    const [sums, weights, reached] = [reals(queries * width), reals(queries * 8), reals(queries)]
    return { count: 0, width, sums, weights, reached, active: new Uint32Array(queries) }
  }
  if (!isPlainObject(given)) {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected sums of partial, got ${describe(given)}`)
  }
  const reals = (key: string, each: number): Float64s =>
    checkReals(`${name}.${key}`, given[key], queries * each) as Float64s
  const count = checkInteger(`${name}.count`, given['count'], 0, 2 ** 32)
  if (given['width'] !== width) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}.width: expected ${width}, got ${describe(given['width'])}`,
    )
  }
  const [sums, weights, reached] = [reals('sums', width), reals('weights', 8), reals('reached', 1)]
  const active = Uint32Array.from(reals('active', 1))
  return { count, width, sums, weights, reached, active }
}

/** Keys that are added together. */
const RUN = 8

/** sums[c] += w_k · rows[at_k + c] for eight k, ascending. */
function addRows(sums: Float64Array, rows: Float32Array, at: Float64Array, weights: Float64Array): void {
  const [a0, a1, a2, a3, a4, a5, a6, a7] = at
  const [w0, w1, w2, w3, w4, w5, w6, w7] = weights
  for (let c = 0; c < sums.length; c++) {
    let sum = sums[c]
    sum += w0 * rows[a0 + c]
    sum += w1 * rows[a1 + c]
    sum += w2 * rows[a2 + c]
    sum += w3 * rows[a3 + c]
    sum += w4 * rows[a4 + c]
    sum += w5 * rows[a5 + c]
    sum += w6 * rows[a6 + c]
    sum += w7 * rows[a7 + c]
    sums[c] = sum
  }
}

/** The keys of one part, asked by one query after the other. */
export class KeyPart {
  readonly #kernels: Kernels
  readonly #memory: KeyMemory
  readonly #plan: RetrievalPlan
  readonly #whole: KeyFacts
  readonly #logits: Float64Array
  readonly #weights: Float64Array = new Float64Array(RUN)
  readonly #rows: Float64Array = new Float64Array(RUN)

  constructor(method: string, kernels: Kernels, memory: KeyMemory, plan: RetrievalPlan, whole: KeyFacts) {
    const { separator, precision } = plan
    if (separator !== 'softmax' && separator !== 'epanechnikov') {
      throw new HopfieldError(
        'ERR_HOPFIELD_OPTION',
        `${method}: separation '${separator}' sorts all keys; expected 'softmax' or 'epanechnikov'`,
      )
    }
    if (precision === 'single') {
      throw new HopfieldError(
        'ERR_HOPFIELD_OPTION',
        `${method}: parts are summed in f64: expected precision 'double'`,
      )
    }
    this.#kernels = kernels
    this.#memory = memory
    this.#plan = plan
    this.#whole = whole
    this.#logits = allocate(method, memory.count * 8, () => new Float64Array(memory.count))
  }

  /** What the weights of each query are taken relative to, as far as this part knows. */
  peaks({ data, count }: Vectors): Float64s {
    const out = new Float64Array(count)
    for (let b = 0; b < count; b++) {
      const facts = this.#facts(data, b)
      if (this.#known(facts)) {
        out[b] = facts.most
        continue
      }
      const logits = this.#score(data, b)
      let most = Number.NEGATIVE_INFINITY
      for (let mu = 0; mu < logits.length; mu++) if (logits[mu] > most) most = logits[mu]
      out[b] = most
    }
    return out
  }

  /** Adds this part's keys to `sums`, which has those before it. */
  add({ data, count }: Vectors, peaks: Float64Array, addend: Addend, sums: KeySums): void {
    const { keys, values } = this.#memory
    const rows = addend === 'values' ? values : keys
    for (let b = 0; b < count; b++) this.#add(data, b, peaks[b], rows, sums)
    sums.count += this.#memory.count
  }

  #add(data: Float32Array, b: number, peak: number, rows: Float32Array, to: KeySums): void {
    const { width } = to
    const logits = this.#score(data, b)
    const ball = this.#plan.separator === 'epanechnikov'
    const cut = this.#known(this.#facts(data, b)) ? Number.NEGATIVE_INFINITY : -softmaxCut(this.#whole.count)
    const sums = to.sums.subarray(b * width, (b + 1) * width)
    const weights = to.weights.subarray(b * 8, (b + 1) * 8)
    // Keys with weight wait until there are eight, so that a number of the sums is loaded and stored once for eight products.
    let waiting = 0
    for (let mu = 0; mu < logits.length; mu++) {
      const below = logits[mu] - peak
      if (ball ? !(below + 1 > 0) : below < cut) continue
      const w = ball ? 1 : Math.fround(exp(below))
      if (w === 0) continue
      if (ball) to.reached[b] += below + 1
      to.active[b]++
      weights[(to.count + mu) & 7] += w
      this.#weights[waiting] = w
      this.#rows[waiting] = mu * width
      if (++waiting < RUN) continue
      addRows(sums, rows, this.#rows, this.#weights)
      waiting = 0
    }
    for (let k = 0; k < waiting; k++) {
      const [w, at] = [this.#weights[k], this.#rows[k]]
      for (let c = 0; c < width; c++) sums[c] += w * rows[at + c]
    }
  }

  /** Divides complete sums. */
  complete({ data, count }: Vectors, peaks: Float64Array, sums: KeySums): KeyStep {
    const { width } = sums
    const { dimension } = this.#memory
    const states = new Float32Array(count * width)
    const energies = new Float64Array(count)
    const ball = this.#plan.separator === 'epanechnikov'
    const whole = { ...this.#memory, largestNorm: this.#whole.largestNorm }
    for (let b = 0; b < count; b++) {
      const total = fold8(sums.weights.subarray(b * 8, (b + 1) * 8))
      for (let c = b * width; c < (b + 1) * width; c++) states[c] = total === 0 ? 0 : sums.sums[c] / total
      const [potential, partition] = ball ? [sums.reached[b], sums.active[b]] : [peaks[b], total]
      const row = data.subarray(b * dimension, (b + 1) * dimension)
      energies[b] = energyOf(whole, this.#plan, this.#whole.total, row, potential, partition)
    }
    const active = ball ? sums.active.slice() : new Uint32Array(count).fill(this.#whole.count)
    return { states, active, energies }
  }

  #facts(data: Float32Array, b: number): QueryFacts {
    const { leastLog, mostLog, largestNorm } = this.#whole
    const { dimension } = this.#memory
    const bounds = { dimension, largestNorm, salience: { leastLog, mostLog } }
    return queryFacts(this.#plan, bounds, data, b * dimension)
  }

  /** Whether the peak follows from the query and the norms, so that no key has to be looked at for it. */
  #known({ most, least }: QueryFacts): boolean {
    return this.#plan.separator === 'epanechnikov' || most - least <= softmaxSpread(this.#whole.count)
  }

  #score(data: Float32Array, b: number): Float64Array {
    const { dimension } = this.#memory
    const row = data.subarray(b * dimension, (b + 1) * dimension)
    this.#kernels.logits(this.#memory, row, 1, this.#plan, this.#logits)
    return this.#logits
  }
}
