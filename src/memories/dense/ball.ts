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
import { above, type RestingState, type Settling } from '../resting.js'

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
export interface BallMinimum extends RestingState {
  /** N values ±1. */
  state: Int8s
}

/** What recalls from majorities of sets of patterns end in. */
export class BallSettling implements Settling<BallMinimum> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #memory: InteractionMemory
  readonly #plan: RecallPlan
  readonly #radius: number

  constructor(kernels: Kernels, memory: InteractionMemory, plan: RecallPlan, radius: number) {
    this.count = memory.count
    this.#kernels = kernels
    this.#memory = memory
    this.#plan = plan
    this.#radius = radius
  }

  *nearest(centres: Uint32Array, k: number): Steps<Uint32Array> {
    const rows = this.#room(centres.length)
    for (const [b, mu] of centres.entries()) rows.set(this.#row(mu), b * rowWords(this.#memory.neurons))
    const overlaps = yield* this.#overlaps(rows, centres.length)
    const near = new Uint32Array(centres.length * k)
    for (let b = 0; b < centres.length; b++) {
      const best = new Largest(k)
      best.offer(Float64Array.from(overlaps.subarray(b * this.count, (b + 1) * this.count)), 0)
      near.set(best.sorted().indices, b * k)
      yield
    }
    return near
  }

  *settle(sets: readonly (readonly number[])[]): Steps<[name: string, BallMinimum][]> {
    const { neurons } = this.#memory
    const [count, stride] = [sets.length, rowWords(neurons)]
    const [kernels, memory, plan] = [this.#kernels, this.#memory, this.#plan]
    const starts = this.#room(count)
    for (const [b, members] of sets.entries()) {
      this.#majority(members, starts.subarray(b * stride, (b + 1) * stride))
    }
    const states = new Uint32Array(count * stride)
    const outcomes = new Float64Array(count * OUTCOME.length)
    yield {
      here: () => void kernels.recall(memory, starts, count, plan, states, outcomes),
      beside: (flag) => kernels.recallAsync(memory, starts, count, plan, states, outcomes, flag),
    }
    const overlaps = yield* this.#overlaps(states, count)
    const found: [string, BallMinimum][] = []
    for (let b = 0; b < count; b++) {
      if (b % 16 === 15) yield
      const [cycle, active, energy] = [OUTCOME.cycle, OUTCOME.active, OUTCOME.energy].map(
        (column) => outcomes[b * OUTCOME.length + column],
      )
      if (cycle !== 1 || active === 0) continue
      const row = states.subarray(b * stride, (b + 1) * stride)
      const near = overlaps.subarray(b * this.count, (b + 1) * this.count)
      const state = Int8Array.from({ length: neurons }, (_, i) => spin(row, i))
      found.push([row.join(), { state, members: above(near, neurons - 2 * this.#radius), energy }])
    }
    return found
  }

  #room(count: number): Uint32Array {
    const words = count * rowWords(this.#memory.neurons)
    return allocate('minima', words * 4, () => this.#kernels.allocate(words))
  }

  #row(mu: number): Uint32Array {
    const { rows, neurons } = this.#memory
    const stride = rowWords(neurons)
    return rows.subarray(mu * stride, (mu + 1) * stride)
  }

  *#overlaps(states: Uint32Array, count: number): Steps<Int32Array> {
    const { rows, neurons } = this.#memory
    const out = new Int32Array(count * this.count)
    const operations = (count * this.count * neurons) / 64
    yield* call(this.#kernels, operations, 'overlaps', rows, this.count, neurons, states, count, out)
    return out
  }

  /** The sign of their sum; where that is zero, the first one's value. */
  #majority(members: readonly number[], out: Uint32Array): void {
    const rows = members.map((mu) => this.#row(mu))
    out.fill(0)
    for (let i = 0; i < this.#memory.neurons; i++) {
      let sum = 0
      for (const row of rows) sum += spin(row, i)
      if (sum > 0 || (sum === 0 && spin(rows[0], i) === 1)) out[i >>> 5] |= 1 << (i & 31)
    }
  }
}
