import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { countDone, type Flag, NEVER_LEARNED } from '../contract/kernels.js'
import { paddedStride, rowWords, spin } from '../contract/layout.js'
import { overlapSteps } from './overlap.js'

const LARGEST_SQUARE = 2 ** 53

export function minimalOverlap(...given: Parameters<typeof minimalOverlapSteps>): void {
  atOnce(minimalOverlapSteps(...given))
}

/** In steps. */
export function* minimalOverlapSteps(
  rows: Uint32Array,
  count: number,
  neurons: number,
  bound: number,
  maxSteps: number,
  weights: Int32Array,
  steps: Uint32Array,
  stabilities: Float64Array,
  flag: Flag | undefined = undefined,
): Generator<void, void> {
  const pace = new Pace()
  const [words, stride] = [rowWords(neurons), paddedStride(neurons)]
  weights.fill(0, 0, neurons * stride)
  steps.fill(0, 0, neurons)
  stabilities.fill(0, 0, 2 * neurons)
  const together = new Int32Array(count * count)
  yield* overlapSteps(rows, count, neurons, rows, count, together)
  for (let i = 0; i < neurons && count > 0; i++) {
    const spins = Int8Array.from({ length: count }, (_, mu) => spin(rows, i, mu * words))
    const learned = yield* learn(spins, together, { neurons, bound, maxSteps }, pace)
    const norm = Math.sqrt(learned.square)
    steps[i] = learned.least > bound ? learned.steps : NEVER_LEARNED
    stabilities[2 * i] = norm === 0 ? 0 : learned.least / norm
    stabilities[2 * i + 1] = learned.steps === 0 ? 0 : norm / learned.steps
    for (const [mu, often] of learned.times.entries()) {
      for (let j = 0; j < neurons && often > 0; j++) {
        if (j !== i) weights[i * stride + j] += often * spins[mu] * spin(rows, j, mu * words)
      }
      if (often > 0 && pace.due(2 * neurons)) yield
    }
    countDone(flag)
  }
}

interface Learned {
  /** How often each pattern was learned. */
  readonly times: Uint32Array
  readonly steps: number
  /** The least ξ_i h_i, and ‖J_i‖². */
  readonly least: number
  readonly square: number
}

/** One neuron. A pattern learned changes its fields in all patterns by a row of their overlaps, less the neuron's own part. */
function* learn(
  spins: Int8Array,
  together: Int32Array,
  { neurons, bound, maxSteps }: { neurons: number; bound: number; maxSteps: number },
  pace: Pace,
): Generator<void, Learned> {
  const count = spins.length
  const times = new Uint32Array(count)
  const aligned = new Float64Array(count)
  let [square, steps, weakest, least] = [0, 0, 0, 0]
  while (least <= bound && steps < maxSteps) {
    if (pace.due(4 * count)) yield
    const larger = square + 2 * least + (neurons - 1)
    if (!(larger < LARGEST_SQUARE)) break
    square = larger
    steps++
    times[weakest]++
    const [at, own] = [weakest * count, spins[weakest]]
    least = Number.POSITIVE_INFINITY
    for (let nu = 0; nu < count; nu++) {
      const next = aligned[nu] + (own * spins[nu] * together[at + nu] - 1)
      aligned[nu] = next
      if (next < least) {
        least = next
        weakest = nu
      }
    }
  }
  return { times, steps, least, square }
}
