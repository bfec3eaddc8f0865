import type { KeyMemory, RetrievalPlan } from '../../kernels/contract/kernels.js'
import { log } from '../../numerics/log.js'
import type { Seen } from './seen-keys.js'

/** Numbers that are looked at between two turns: some tenths of a millisecond. */
const NUMBERS = 2 ** 16

/** How many steps, and when to stop. */
export interface RetrievalSteps {
  /** Most steps, at least 1. */
  readonly maxSteps: number
  /** A state rests if no component moves by more than this. */
  readonly tolerance: number
  /** Whether to stop when the state rests. */
  readonly stops: boolean
  readonly energy: boolean
  /** Which keys may be looked at; all where there is nothing. */
  readonly seen?: Seen | undefined
}

/** One step of some queries, as arguments of a kernel. */
export interface Association {
  readonly memory: KeyMemory
  readonly queries: Float32Array
  readonly count: number
  readonly mask: Uint8Array | undefined
  readonly out: Float32Array | undefined
  readonly potentials: Float64Array
}

/** The final states of B queries. */
export interface Retrieved {
  readonly states: Float32Array
  readonly steps: Uint32Array
  readonly converged: Uint8Array
  /** How many keys had weight in the last step. */
  readonly active: Uint32Array
  readonly energies: Float64Array
}

/**
 * Recalls `count` queries into rows from…from + count of `to`. It yields one step after the other, so that the caller can compute
 * them on this thread or on another, and nothing where other work may have a turn. A query that rests is done; the others go on.
 *
 * Between steps a state is a mean of keys; only the last step returns a mean of values.
 */
export function* retrieval(
  memory: KeyMemory,
  plan: RetrievalPlan,
  { maxSteps, tolerance, stops, energy, seen }: RetrievalSteps,
  queries: Float32Array,
  count: number,
  to: Retrieved,
  from: number,
): Generator<Association | undefined, void> {
  const { dimension, width } = memory
  const mask = seen?.flags
  const ownValues = memory.values !== memory.keys
  const asKeys: KeyMemory = ownValues ? { ...memory, values: memory.keys, width: dimension } : memory
  const states = queries.slice(0, count * dimension)
  const potentials = new Float64Array(2 * count)
  let active = Uint32Array.from({ length: count }, (_, b) => b)
  const some = Math.max(1, Math.floor(NUMBERS / dimension))
  const updates = ownValues ? maxSteps - 1 : maxSteps
  for (let step = 1; step <= updates && active.length > 0; step++) {
    const before = rowsOf(states, active, dimension)
    const out = new Float32Array(active.length * dimension)
    yield { memory: asKeys, queries: before, count: active.length, mask, out, potentials }
    const staying: number[] = []
    for (const [k, b] of active.entries()) {
      const weighing = weighingKeys(memory, plan, seen, potentials[2 * k + 1])
      to.active[from + b] = weighing
      // Where no key is within reach, the state stays.
      if (weighing === 0) out.set(before.subarray(k * dimension, (k + 1) * dimension), k * dimension)
      let moved = 0
      for (let c = 0; c < dimension; c++) {
        const by = Math.abs(out[k * dimension + c] - before[k * dimension + c])
        if (by > moved) moved = by
      }
      states.set(out.subarray(k * dimension, (k + 1) * dimension), b * dimension)
      to.steps[from + b] = step
      const rests = moved <= tolerance
      to.converged[from + b] = rests ? 1 : 0
      if (!(rests && stops)) staying.push(b)
      if (k % some === some - 1) yield
    }
    active = Uint32Array.from(staying)
  }
  if (ownValues) {
    const out = to.states.subarray(from * width, (from + count) * width)
    yield { memory, queries: states, count, mask, out, potentials }
    for (let b = 0; b < count; b++) {
      to.steps[from + b]++
      to.active[from + b] = weighingKeys(memory, plan, seen, potentials[2 * b + 1])
    }
  } else {
    to.states.set(states, from * dimension)
  }
  if (!energy) return
  const total = totalOf(memory, mask)
  if (!ownValues) yield { memory, queries: states, count, mask, out: undefined, potentials }
  for (let b = 0; b < count; b++) {
    const state = states.subarray(b * dimension, (b + 1) * dimension)
    to.energies[from + b] = energyOf(memory, plan, total, state, potentials[2 * b], potentials[2 * b + 1])
    if (b % some === some - 1) yield
  }
}

function rowsOf(rows: Float32Array, which: Uint32Array, length: number): Float32Array {
  const out = new Float32Array(which.length * length)
  for (const [k, b] of which.entries()) out.set(rows.subarray(b * length, (b + 1) * length), k * length)
  return out
}

/** How many keys had weight, from the second number that the kernel returns. Softmax gives all of them some. */
function weighingKeys(
  { count }: KeyMemory,
  { separator }: RetrievalPlan,
  seen: Seen | undefined,
  support: number,
): number {
  return separator === 'softmax' ? (seen?.count ?? count) : support
}

/** How much all keys count together, or those that are seen. */
export function totalOf({ count, salience }: KeyMemory, mask?: Uint8Array): number {
  if (mask === undefined) return salience?.total ?? count
  let total = 0
  for (let mu = 0; mu < count; mu++) if (mask[mu] === 1) total += salience?.values[mu] ?? 1
  return total
}

/**
 * E(ξ) = −lse(β, Xξ) + ½ξᵀξ + β⁻¹ ln M + ½ max‖x‖² (Ramsauer et al. 2021, eq. 2) from the numbers that the kernel returns for ξ. With
 * Euclidean similarity the first two terms are −lse(β, −½‖x − ξ‖²). No energy is known for cosine: there it is −lse + β⁻¹ ln M. With
 * exact zeros lse is the conjugate function; with epanechnikov E(ξ) = −β⁻¹ log Σ max(0, 1 − ½β‖ξ − x‖²) (Hoover et al. 2025), Infinity
 * where no key is within reach. Where keys have saliences, ln of their sum stands for ln M.
 * @param total how much the keys count together, as `totalOf` gives it.
 */
export function energyOf(
  memory: KeyMemory,
  plan: RetrievalPlan,
  total: number,
  state: Float32Array,
  potential: number,
  partition: number,
): number {
  const { beta, similarity, separator } = plan
  if (separator === 'epanechnikov') return -log(potential) / beta
  const sum = separator === 'softmax' ? potential + log(partition) : potential
  const free = (log(total) - sum) / beta
  if (similarity === 'cosine') return free
  let square = 0
  for (const x of state) square += x * x
  if (similarity === 'euclidean') return free + square / 2
  return free + (square + memory.largestNorm * memory.largestNorm) / 2
}
