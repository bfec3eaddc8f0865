import { inParts, Mark, type Steps } from '../../async/steps.js'
import { HopfieldError } from '../../errors.js'
import { UNIT_KINDS, WALK } from '../../kernels/contract/kernels.js'
import { paddedStride } from '../../kernels/contract/layout.js'
import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'
import { HALF_LOG_2PI, type Machine } from './machine.js'

/** ln Z, and between which numbers it lies. */
export interface LogPartition {
  value: number
  /** `value` itself where it is exact; otherwise the ends of both estimates, three standard errors away. */
  lower: number
  upper: number
  method: 'exact' | 'annealed'
}

/** Units of a layer whose states are all gone through. */
export const MOST_ENUMERATED = 25
/** Of them those that one call of the kernel goes through. */
const TOGETHER = 10

/** Whether one layer is small enough, and has values that can be counted. */
export function isEnumerable(machine: Machine, most: number): boolean {
  return sideOf(machine, most) !== undefined
}

function sideOf(machine: Machine, most: number): 'visible' | 'hidden' | undefined {
  const { visible, hidden, visibleKind, hiddenKind } = machine
  const up = hiddenKind !== 'gaussian' && hidden <= most ? hidden : Number.POSITIVE_INFINITY
  const down = visibleKind !== 'gaussian' && visible <= most ? visible : Number.POSITIVE_INFINITY
  if (up === down && up === Number.POSITIVE_INFINITY) return undefined
  return up <= down ? 'hidden' : 'visible'
}

/** A machine seen from the layer that is enumerated: double, its units first. */
export interface Enumerated {
  readonly side: 'visible' | 'hidden'
  readonly units: number
  readonly others: number
  readonly kind: number
  readonly low: number
  /** units × paddedStride(others). */
  readonly couplings: Float64Array
  readonly own: Float64Array
  readonly fields: Float64Array
}

/** @throws HopfieldError ERR_HOPFIELD_RANGE if no layer can be enumerated. */
export function enumerated(machine: Machine, most = MOST_ENUMERATED): Enumerated {
  const side = sideOf(machine, most)
  if (side === undefined) {
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `expected a layer of at most ${most} units that are not Gaussian, to go through all their states; estimate with method 'annealed'`,
    )
  }
  const { visible, hidden, stride, visibleKind, hiddenKind, arrays } = machine
  const turned = side === 'hidden'
  const [units, others] = turned ? [hidden, visible] : [visible, hidden]
  const padded = paddedStride(others)
  const couplings = machine.doubles(units * padded)
  for (let i = 0; i < visible; i++) {
    for (let j = 0; j < hidden; j++) {
      couplings[turned ? j * padded + i : i * padded + j] = arrays.weights[i * stride + j]
    }
  }
  const up = Float64Array.from(arrays.hiddenBiases.subarray(0, hidden))
  const down = Float64Array.from(arrays.visibleBiases)
  return {
    side,
    units,
    others,
    kind: UNIT_KINDS.indexOf(turned ? visibleKind : hiddenKind),
    low: (turned ? hiddenKind : visibleKind) === 'binary' ? 0 : -1,
    couplings,
    own: turned ? up : down,
    fields: turned ? down : up,
  }
}

/** The constant of Gaussian units, which kernels leave out. */
function constant({ visible, hidden, visibleKind, hiddenKind }: Machine): number {
  return (
    ((visibleKind === 'gaussian' ? visible : 0) + (hiddenKind === 'gaussian' ? hidden : 0)) * HALF_LOG_2PI
  )
}

/** ln Z by going through all states of the smaller layer. */
export function* exactLogPartition(machine: Machine, told = true, threads = 1): Steps<number> {
  const { couplings, own, units, fields, others, kind, low } = enumerated(machine)
  const prefix = Math.max(0, units - TOGETHER)
  const parts = machine.doubles(2 ** prefix)
  const each = 40 * others * 2 ** (units - prefix)
  yield* inParts(
    machine.kernels,
    { count: parts.length, each, threads },
    'logPartitions',
    (from, to) => [
      ...([couplings, own, units, fields, others, kind, low, prefix, from, to] as const),
      parts.subarray(from, to),
    ],
    (done) => (told ? new Mark(done, parts.length) : undefined),
  )
  return logOfSum(parts) + constant(machine)
}

export interface Annealing {
  readonly chains: number
  readonly temperatures: number
  readonly seed: readonly [low: number, high: number]
}

/** Sweeps of chains that go down, behind those that go up; and steps that settle them before. */
const DOWNWARD = 2 ** 28
const SETTLING = 200

/**
 * ln Z by annealed importance sampling from units without weights up to the machine, and from states of the machine down again (Salakhutdinov
 * and Murray 2008; Burda, Grosse and Salakhutdinov 2015).
 */
export function* annealedLogPartition(
  machine: Machine,
  { chains, temperatures: count, seed }: Annealing,
  reverse = true,
  threads = 1,
): Steps<LogPartition> {
  const { visible, visibleKind, hidden, hiddenKind } = machine
  const rising = Float64Array.from({ length: count }, (_, k) => k / (count - 1))
  const rows = machine.singles(chains, visible)
  const total = reverse ? 2 * chains : chains
  const free = { clamp: undefined, means: undefined }
  const walk = { ...free, seed, stream: 0, visible: rows, hidden: machine.singles(chains, machine.stride) }
  // At β = 0 units are independent of each other.
  yield* machine.gibbs({ ...walk, firstSweep: 0, steps: 1, betas: new Float64Array(chains) })
  const bottom = potentialAtZero(hiddenKind, hidden) + potentialAtZero(visibleKind, visible)
  const up = yield* annealed(machine, rising, { seed, firstSweep: 2, before: 0, total, threads }, rows)
  const forward = meanWeight(up)
  const value = bottom + forward.mean
  if (!reverse) {
    return { value, lower: bottom + forward.lower, upper: bottom + forward.upper, method: 'annealed' }
  }
  const settling = { ...walk, firstSweep: DOWNWARD, steps: SETTLING, betas: new Float64Array(chains).fill(1) }
  yield* machine.gibbs(settling)
  const first = DOWNWARD + 2 * SETTLING
  const down = yield* annealed(
    machine,
    rising.slice().reverse(),
    { seed, firstSweep: first, before: chains, total, threads },
    rows,
  )
  const backward = meanWeight(down)
  return {
    value,
    lower: Math.min(bottom + forward.lower, bottom - backward.upper),
    upper: Math.max(bottom + forward.upper, bottom - backward.lower),
    method: 'annealed',
  }
}

function potentialAtZero(kind: string, units: number): number {
  return units * (kind === 'gaussian' ? HALF_LOG_2PI : log(2))
}

/** A way through temperatures, and how much was done `before` of the `total`. */
interface Way {
  readonly seed: readonly [low: number, high: number]
  readonly firstSweep: number
  readonly before: number
  readonly total: number
  readonly threads: number
}

/** Logarithms of weights of chains that start at these rows and go along β. */
function* annealed(
  machine: Machine,
  betas: Float64Array,
  { seed, firstSweep, before, total, threads }: Way,
  rows: Float32Array,
): Steps<Float64Array> {
  const { kernels, shape, arrays, visible, size } = machine
  const { weights, visibleBiases, hiddenBiases } = arrays
  const out = machine.doubles(rows.length / visible)
  yield* inParts(
    kernels,
    { count: out.length, each: 4 * size * betas.length, threads },
    'importance',
    (from, to) => {
      const walk = new Float64Array(WALK.length)
      walk.set([...seed, firstSweep, 0, from])
      const given = [shape, weights, visibleBiases, hiddenBiases, undefined, betas, walk] as const
      return [...given, rows.subarray(from * visible, to * visible), out.subarray(from, to)]
    },
    (done) => new Mark(before + done, total),
  )
  return out
}

/** ln of the mean of e^w, and of that mean three standard errors away. */
function meanWeight(logs: Float64Array): { mean: number; lower: number; upper: number } {
  const most = logs.reduce((a, b) => Math.max(a, b))
  const weights = logs.map((w) => exp(w - most))
  const mean = weights.reduce((a, b) => a + b) / weights.length
  const spread = weights.reduce((sum, w) => sum + (w - mean) ** 2, 0)
  const error = 3 * Math.sqrt(spread / weights.length / Math.max(1, weights.length - 1))
  // Where the error is as large as the mean, the mean of logarithms is below it all the same (Jensen).
  const least = logs.reduce((a, b) => a + b) / logs.length - most
  const lower = error < mean ? Math.max(log(mean - error), least) : least
  return { mean: most + log(mean), lower: most + lower, upper: most + log(mean + error) }
}

export function logOfSum(logs: Float64Array): number {
  const most = logs.reduce((a, b) => Math.max(a, b))
  return most + log(logs.reduce((sum, x) => sum + exp(x - most), 0))
}
