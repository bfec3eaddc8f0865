import { call, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Int8s, Uint32s } from '../../input/typed-arrays.js'
import {
  type InteractionMemory,
  type Kernels,
  OUTCOME,
  type RecallPlan,
} from '../../kernels/contract/kernels.js'
import { rowWords, spin } from '../../kernels/contract/layout.js'
import { Largest } from '../../numerics/largest.js'
import type { Id } from '../ids.js'
import { Subsets, type SubsetsWanted } from '../subsets.js'

/** Up to which radius every stored pattern is recalled alone. */
export interface BallExactness {
  /** Whether the memory's own radius is no larger: then each stored pattern is a fixed point, with no other within reach. */
  exact: boolean
  /** The largest such radius, one less than the least distance of two patterns; N with a single pattern. */
  radius: number
  /** The two patterns that differ on the fewest neurons; empty with a single pattern. */
  closest: Uint32s
}

/**
 * From the two nearest patterns of each.
 * @param indices, overlaps two a pattern, the nearest first.
 */
export function ballExactness(
  { indices, overlaps }: { indices: Uint32Array; overlaps: Int32Array | Float64Array },
  neurons: number,
  radius: number,
): BallExactness {
  if (indices.length < 4) return { exact: true, radius: neurons, closest: new Uint32Array(0) }
  let [closest, least] = [0, neurons + 1]
  for (let mu = 0; 2 * mu < indices.length; mu++) {
    // The other one: of patterns that are equal, the pattern itself may be the second or none of the two.
    const other = indices[2 * mu] === mu ? 2 * mu + 1 : 2 * mu
    const distance = (neurons - overlaps[other]) / 2
    if (distance < least) [closest, least] = [2 * mu + (other & 1), distance]
  }
  const pair = [closest >> 1, indices[closest]]
  return { exact: radius < least, radius: least - 1, closest: Uint32Array.from(pair) }
}

/** A state that no recall changes, with patterns within reach. */
export interface BallMinimum {
  /** N values ±1. */
  state: Int8s
  /** The patterns within reach, ascending: one where it is a stored pattern, several where it emerged. */
  members: Uint32s
  /** Their ids, if patterns have ids. */
  ids?: (Id | undefined)[]
  energy: number
}

/** Patterns that a subset is drawn from: the nearest of one that is drawn. */
const NEAR = 8
/** Subsets whose majorities are looked at together, and overlaps that are kept at a time. */
const [SOME, OVERLAPS] = [256, 2 ** 22]

/** What majorities of subsets end in, the lowest energy first. */
export function* ballMinima(
  kernels: Kernels,
  memory: InteractionMemory,
  plan: RecallPlan,
  radius: number,
  wanted: SubsetsWanted,
): Steps<BallMinimum[]> {
  const { neurons, count: stored } = memory
  const stride = rowWords(neurons)
  const subsets = new Subsets(wanted, stored, NEAR)
  const found = new Map<string, BallMinimum>()
  const some = Math.max(1, Math.min(SOME, Math.floor(OVERLAPS / stored)))
  for (let from = 0; from < subsets.size; from += some) {
    const count = Math.min(some, subsets.size - from)
    const centres = subsets.centres(from, count)
    const rows = allocate('minima', count * stride * 4, () => kernels.allocate(count * stride))
    for (const [b, mu] of centres.entries()) rows.set(rowOf(memory, mu), b * stride)
    const near = new Uint32Array(centres.length * Math.min(NEAR, stored))
    const overlaps = new Int32Array(count * stored)
    if (centres.length > 0) {
      yield* overlapsOf(kernels, memory, rows, count, overlaps)
      for (let b = 0; b < count; b++) {
        const best = new Largest(Math.min(NEAR, stored))
        best.offer(Float64Array.from(overlaps.subarray(b * stored, (b + 1) * stored)), 0)
        near.set(best.sorted().indices, b * Math.min(NEAR, stored))
        yield
      }
    }
    for (const [b, members] of subsets.members(from, count, near).entries()) {
      majority(memory, members, rows.subarray(b * stride, (b + 1) * stride))
    }
    const states = new Uint32Array(count * stride)
    const outcomes = new Float64Array(count * OUTCOME.length)
    yield {
      here: () => void kernels.recall(memory, rows, count, plan, states, outcomes),
      beside: (flag) => kernels.recallAsync(memory, rows, count, plan, states, outcomes, flag),
    }
    yield* overlapsOf(kernels, memory, states, count, overlaps)
    for (let b = 0; b < count; b++) {
      const [cycle, active, energy] = [OUTCOME.cycle, OUTCOME.active, OUTCOME.energy].map(
        (column) => outcomes[b * OUTCOME.length + column],
      )
      if (cycle !== 1 || active === 0) continue
      const row = states.subarray(b * stride, (b + 1) * stride)
      const key = row.join()
      if (found.has(key)) continue
      const members = within(overlaps.subarray(b * stored, (b + 1) * stored), neurons - 2 * radius)
      found.set(key, { state: Int8Array.from({ length: neurons }, (_, i) => spin(row, i)), members, energy })
      if (b % 16 === 15) yield
    }
  }
  return [...found.values()].sort((a, b) => a.energy - b.energy || a.members[0] - b.members[0])
}

function rowOf({ rows, neurons }: InteractionMemory, mu: number): Uint32Array {
  const stride = rowWords(neurons)
  return rows.subarray(mu * stride, (mu + 1) * stride)
}

function overlapsOf(
  kernels: Kernels,
  { rows, count: stored, neurons }: InteractionMemory,
  states: Uint32Array,
  count: number,
  out: Int32Array,
): Steps<void> {
  return call(kernels, (count * stored * neurons) / 64, 'overlaps', rows, stored, neurons, states, count, out)
}

/** The sign of their sum; where that is zero, the first one's value. */
function majority(memory: InteractionMemory, members: readonly number[], out: Uint32Array): void {
  const rows = members.map((mu) => rowOf(memory, mu))
  out.fill(0)
  for (let i = 0; i < memory.neurons; i++) {
    let sum = 0
    for (const row of rows) sum += spin(row, i)
    if (sum > 0 || (sum === 0 && spin(rows[0], i) === 1)) out[i >>> 5] |= 1 << (i & 31)
  }
}

/** Patterns with overlaps above this. */
function within(overlaps: Int32Array, least: number): Uint32s {
  const members: number[] = []
  for (let mu = 0; mu < overlaps.length; mu++) if (overlaps[mu] > least) members.push(mu)
  return Uint32Array.from(members)
}
