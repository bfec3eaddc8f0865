import { call, type Steps } from '../../async/steps.js'
import type { Float32s, Uint32s } from '../../input/typed-arrays.js'
import type { Kernels, KeyMemory, RetrievalPlan } from '../../kernels/contract/kernels.js'
import type { Id } from '../ids.js'
import { Subsets, type SubsetsWanted } from '../subsets.js'
import { retrieval } from './retrieval-steps.js'

/** A minimum of the energy: a state that is the mean of all patterns within reach of it. */
export interface Minimum {
  /** d numbers. */
  state: Float32s
  /** The patterns it is the mean of, ascending: one where it is a stored pattern, several where it emerged. */
  members: Uint32s
  /** Their ids, if patterns have ids. */
  ids?: (Id | undefined)[]
  energy: number
}

/** Keys that a subset is drawn from: the nearest of one that is drawn. */
const NEAR = 8
const MOST_STEPS = 10_000
/** Subsets whose means are looked at together. */
const SOME = 256

/**
 * The minima that recalls reach from the means of subsets of the keys, lowest first. A set S of keys has a minimum iff its mean has exactly
 * S within reach (Hoover et al. 2025): then a recall from there stays there, so that none is missed where all subsets are asked.
 */
export function* minimaSteps(
  kernels: Kernels,
  plan: RetrievalPlan,
  memory: KeyMemory,
  wanted: SubsetsWanted,
): Steps<Minimum[]> {
  const asKeys: KeyMemory = { ...memory, values: memory.keys, width: memory.dimension }
  const subsets = new Subsets(wanted, memory.count, NEAR)
  const found = new Map<string, Minimum>()
  for (let from = 0; from < subsets.size; from += SOME) {
    const count = Math.min(SOME, subsets.size - from)
    const near = yield* nearestOf(kernels, plan, asKeys, subsets.centres(from, count))
    const starts = meansOf(asKeys, subsets.members(from, count, near))
    yield* restFrom(kernels, plan, asKeys, starts, found)
  }
  return [...found.values()].sort(byEnergy)
}

/** The NEAR nearest keys of each of these keys. */
function* nearestOf(
  kernels: Kernels,
  plan: RetrievalPlan,
  memory: KeyMemory,
  centres: Uint32Array,
): Steps<Uint32Array> {
  const { dimension, keys } = memory
  const count = centres.length
  const k = Math.min(NEAR, memory.count)
  const rows = new Float32Array(count * dimension)
  for (const [b, mu] of centres.entries()) {
    rows.set(keys.subarray(mu * dimension, (mu + 1) * dimension), b * dimension)
  }
  const indices = new Uint32Array(count * k)
  const [similarities, weights] = [new Float64Array(count * k), new Float64Array(count * k)]
  const asked = [memory, rows, count, plan, k, undefined, new Float64Array(count)] as const
  const operations = 2 * count * memory.count * dimension
  if (count > 0) yield* call(kernels, operations, 'mostSimilar', ...asked, indices, similarities, weights)
  return indices
}

/** As a recall computes them. */
function meansOf({ dimension, keys }: KeyMemory, sets: readonly (readonly number[])[]): Float32Array {
  const out = new Float32Array(sets.length * dimension)
  for (const [b, members] of sets.entries()) {
    for (let c = 0; c < dimension; c++) {
      let sum = 0
      for (const mu of members) sum += keys[mu * dimension + c]
      out[b * dimension + c] = sum / members.length
    }
  }
  return out
}

function* restFrom(
  kernels: Kernels,
  plan: RetrievalPlan,
  memory: KeyMemory,
  starts: Float32Array,
  found: Map<string, Minimum>,
): Steps<void> {
  const { dimension, count: keys } = memory
  const count = starts.length / dimension
  const ends = {
    states: new Float32Array(starts.length),
    steps: new Uint32Array(count),
    converged: new Uint8Array(count),
    active: new Uint32Array(count),
    energies: new Float64Array(count),
  }
  const limits = { maxSteps: MOST_STEPS, tolerance: 0, stops: true, energy: true }
  for (const { queries, count: some, out, potentials, memory: of } of retrieval(
    memory,
    plan,
    limits,
    starts,
    count,
    ends,
    0,
  )) {
    yield {
      here: () => kernels.retrieve(of, queries, some, plan, undefined, out, potentials),
      beside: (flag) => kernels.retrieveAsync(of, queries, some, plan, out, potentials, flag),
    }
  }
  const weights = new Float64Array(count * keys)
  yield* call(kernels, 2 * count * keys * dimension, 'associate', memory, ends.states, count, plan, weights)
  for (let b = 0; b < count; b++) {
    if (ends.converged[b] === 0 || ends.active[b] === 0) continue
    const members = membersOf(weights.subarray(b * keys, (b + 1) * keys))
    const state = ends.states.slice(b * dimension, (b + 1) * dimension)
    found.set(members.join(), { state, members, energy: ends.energies[b] })
    if (b % 64 === 63) yield
  }
}

function membersOf(weights: Float64Array): Uint32s {
  const members: number[] = []
  for (let mu = 0; mu < weights.length; mu++) if (weights[mu] > 0) members.push(mu)
  return Uint32Array.from(members)
}

function byEnergy(a: Minimum, b: Minimum): number {
  if (a.energy !== b.energy) return a.energy - b.energy
  for (let k = 0; k < a.members.length && k < b.members.length; k++) {
    if (a.members[k] !== b.members[k]) return a.members[k] - b.members[k]
  }
  return a.members.length - b.members.length
}
