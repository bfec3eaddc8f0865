import type { WholeLimits } from '../async/async-options.js'
import { allBeside, Mark, type Steps } from '../async/steps.js'
import type { Uint32s } from '../input/typed-arrays.js'
import type { Id } from './ids/ids.js'
import { Subsets, type SubsetsWanted } from './subsets.js'

/** A state that recalls rest in, with patterns within reach of it. */
export interface RestingState {
  /** The patterns within reach, ascending: one where it is a stored pattern, several where it emerged. */
  members: Uint32s
  /** Their ids, if patterns have ids. */
  ids?: (Id | undefined)[]
  energy: number
}

/** How a kind of memory finds them. */
export interface Settling<Found extends RestingState> {
  /** How many patterns there are. */
  readonly count: number
  /** The k patterns nearest to each of these, the nearest first. */
  nearest(centres: Uint32Array, k: number): Steps<Uint32Array>
  /** What recalls from the middles of these sets of patterns end in. Equal names stand for the same state. */
  settle(sets: readonly (readonly number[])[]): Steps<(readonly [name: string, Found])[]>
}

/** Patterns that a subset is drawn from: the nearest of one that is drawn. */
const NEAR = 8
/** Subsets that are looked at together, and numbers about a subset and a pattern that are kept at a time. */
const [SOME, KEPT] = [256, 2 ** 22]

/** What recalls from subsets of the patterns end in, the lowest energy first, then by the members. */
export function* minimaOf<Found extends RestingState>(
  settling: Settling<Found>,
  wanted: SubsetsWanted,
): Steps<Found[]> {
  const subsets = new Subsets(wanted, settling.count, NEAR)
  const found = new Map<string, Found>()
  const some = Math.max(1, Math.min(SOME, Math.floor(KEPT / settling.count)))
  for (let from = 0; from < subsets.size; from += some) {
    const count = Math.min(some, subsets.size - from)
    const centres = subsets.centres(from, count)
    const k = Math.min(NEAR, settling.count)
    const near = centres.length > 0 ? yield* settling.nearest(centres, k) : centres
    const settled = yield* settling.settle(subsets.members(from, count, near))
    for (const [name, one] of settled) if (!found.has(name)) found.set(name, one)
    yield new Mark(from + count, subsets.size)
  }
  return [...found.values()].sort(byEnergy)
}

interface Lease<Memory> {
  readonly memory: Memory
  release(): void
}

/**
 * The same beside other work, with the ids that the members had at the call.
 * @param named as `naming()` gives it, in the turn of the call.
 * @param leased what recalls read, from the same turn.
 */
export async function minimaBeside<Memory, Found extends RestingState>(
  named: (indices: ArrayLike<number>) => { ids?: (Id | undefined)[] },
  leased: Lease<Memory> | Promise<Lease<Memory>>,
  settlingOf: (memory: Memory) => Settling<Found>,
  read: SubsetsWanted & WholeLimits,
): Promise<Found[]> {
  const { memory, release } = await leased
  try {
    const found = await allBeside(minimaOf(settlingOf(memory), read), read)
    return found.map((one) => ({ ...one, ...named(one.members) }))
  } finally {
    release()
  }
}

/** The patterns whose numbers are above this, ascending. */
export function above(numbers: Int32Array | Float64Array, least: number): Uint32s {
  const members: number[] = []
  for (let mu = 0; mu < numbers.length; mu++) if (numbers[mu] > least) members.push(mu)
  return Uint32Array.from(members)
}

function byEnergy(a: RestingState, b: RestingState): number {
  if (a.energy !== b.energy) return a.energy - b.energy
  for (let k = 0; k < a.members.length && k < b.members.length; k++) {
    if (a.members[k] !== b.members[k]) return a.members[k] - b.members[k]
  }
  return a.members.length - b.members.length
}
