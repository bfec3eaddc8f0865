import { call, Mark, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { rowWords, spin } from '../../kernels/contract/layout.js'
import type { Id } from '../ids/ids.js'

/** A pattern in a mixture. */
export interface MixtureMember {
  pattern: number
  /** Its id, if patterns have ids. */
  id?: Id | undefined
  /** 1, or −1 for its inverse. */
  sign: 1 | -1
}

/** What kind of state a state is; see `classify` of the networks. */
export interface Classification {
  /**
   * A stored pattern, the inverse of one; a mixture, the sign of the sum of 3, 5 or 7 stored patterns or inverses (Amit, Gutfreund
   * and Sompolinsky 1985); or 'spurious': none of these.
   */
  kind: 'stored' | 'inverse' | 'mixture' | 'spurious'
  /** Index of the pattern with the largest |m^μ|, the first among equals; −1 if no pattern is stored. */
  pattern: number
  /** Its id, if patterns have ids. */
  id?: Id | undefined
  /** Its overlap m^μ, from −1 to 1; 0 if no pattern is stored. */
  overlap: number
  /** |m^μ| minus the next largest one; |m^μ| if there is no other pattern. */
  margin: number
  /** Mixtures only: the patterns in it, by falling |m^μ|. */
  members?: MixtureMember[]
}

/** Sizes of mixtures: even sums have ties, and from nine on random states would look like mixtures. */
const SIZES = [3, 5, 7]

/** Rows of patterns, and how many. */
interface Rows {
  readonly rows: Uint32Array
  readonly count: number
}

/** The ids of patterns, if they have any. */
type Named = (indices: ArrayLike<number>) => { ids?: (Id | undefined)[] }

/** Bits compared in one step: some milliseconds. */
const BITS = { native: 2 ** 29, typescript: 2 ** 22 }

/** Classifies a packed state by the patterns in these rows. */
export function* classifying(
  kernels: Kernels,
  neurons: number,
  state: Uint32Array,
  { rows, count }: Rows,
  named: Named,
): Steps<Classification> {
  const stride = rowWords(neurons)
  const overlaps = allocate('overlaps', count * 4, () => new Int32Array(count))
  const most = kernels.parallel ? BITS.native : BITS.typescript
  const some = Math.max(1, Math.floor(most / neurons))
  for (let from = 0; from < count; from += some) {
    const to = Math.min(from + some, count)
    const part = rows.subarray(from * stride, to * stride)
    const operations = ((to - from) * neurons) / 64
    yield* call(
      kernels,
      operations,
      'overlaps',
      part,
      to - from,
      neurons,
      state,
      1,
      overlaps.subarray(from, to),
    )
    yield new Mark(to, count)
  }
  const found = yield* classify(overlaps, neurons, state, (mu) => {
    return rows.subarray(mu * stride, (mu + 1) * stride)
  })
  const ids = found.pattern < 0 ? undefined : named([found.pattern]).ids
  if (ids === undefined) return found
  const members = found.members?.map((member) => ({ ...member, id: named([member.pattern]).ids?.[0] }))
  return { ...found, id: ids[0], ...(members === undefined ? {} : { members }) }
}

/** Overlaps that are looked at in one step. */
const STEP = 2 ** 15

/**
 * Classifies a packed state of N neurons by its integer overlaps v^μ, in small steps.
 * @param row pattern μ, packed.
 */
function* classify(
  overlaps: Int32Array,
  neurons: number,
  state: Uint32Array,
  row: (mu: number) => Uint32Array,
): Generator<void, Classification> {
  const found = yield* nearest(overlaps, neurons)
  if (found.kind !== 'spurious' || overlaps.length < SIZES[0]) return found
  const ranked = yield* strongest(overlaps, SIZES[SIZES.length - 1])
  for (const size of SIZES) {
    if (size > ranked.length) break
    const members = ranked.slice(0, size).map((pattern): MixtureMember => {
      return { pattern, sign: overlaps[pattern] < 0 ? -1 : 1 }
    })
    if (isMixture(members, neurons, state, row)) return { ...found, kind: 'mixture', members }
  }
  return found
}

function* nearest(overlaps: Int32Array, neurons: number): Generator<void, Classification> {
  let pattern = -1
  let [most, next] = [0, 0]
  for (let mu = 0; mu < overlaps.length; mu++) {
    const size = Math.abs(overlaps[mu])
    if (pattern < 0 || size > most) {
      next = most
      most = size
      pattern = mu
    } else if (size > next) next = size
    if (mu % STEP === STEP - 1) yield
  }
  const v = pattern < 0 ? 0 : overlaps[pattern]
  return {
    kind: v === neurons ? 'stored' : v === -neurons ? 'inverse' : 'spurious',
    pattern,
    overlap: v / neurons,
    margin: (most - next) / neurons,
  }
}

/** The `most` patterns with the largest |v^μ|, largest first, the lower index among equals. */
function* strongest(overlaps: Int32Array, most: number): Generator<void, number[]> {
  const ranked: number[] = []
  for (let mu = 0; mu < overlaps.length; mu++) {
    const size = Math.abs(overlaps[mu])
    let at = ranked.length
    while (at > 0 && Math.abs(overlaps[ranked[at - 1]]) < size) at--
    if (at < most) ranked.splice(at, 0, mu)
    if (ranked.length > most) ranked.pop()
    if (mu % STEP === STEP - 1) yield
  }
  return ranked
}

/** Whether the state is the sign of their sum. */
function isMixture(
  members: readonly MixtureMember[],
  neurons: number,
  state: Uint32Array,
  row: (mu: number) => Uint32Array,
): boolean {
  const rows = members.map(({ pattern }) => row(pattern))
  for (let i = 0; i < neurons; i++) {
    let sum = 0
    for (const [k, { sign }] of members.entries()) sum += sign * spin(rows[k], i)
    if (Math.sign(sum) !== spin(state, i)) return false
  }
  return true
}
