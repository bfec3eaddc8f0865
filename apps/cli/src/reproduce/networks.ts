import {
  HopfieldNetwork,
  type LearningRule,
  type RecallAsyncOptions,
  randomPatterns,
  type StatesLike,
} from 'hopfield-native'
import type { Lab } from './lab.js'

/** A network of N neurons that has learned P random patterns. */
export interface Loaded {
  readonly network: HopfieldNetwork
  readonly patterns: Int8Array
}

export interface Loading {
  readonly neurons: number
  readonly count: number
  readonly seed: bigint
  readonly learning?: LearningRule
}

type More = Omit<ConstructorParameters<typeof HopfieldNetwork>[0], 'neurons' | 'learning'>

export async function loaded(
  lab: Lab,
  { neurons, count, seed, learning }: Loading,
  more: More = {},
): Promise<Loaded> {
  const patterns = randomPatterns({ neurons, count, seed })
  const network = new HopfieldNetwork({ neurons, ...(learning === undefined ? {} : { learning }), ...more })
  await network.storeAsync(patterns, lab.limits)
  return { network, patterns }
}

/** Where recalls of the first patterns from themselves end: m^μ of pattern μ with where it went. */
export async function endOverlaps(
  lab: Lab,
  { network, patterns }: Loaded,
  cues: number,
  options: Omit<RecallAsyncOptions, 'packed'> = {},
): Promise<number[]> {
  const { neurons } = network
  const from = patterns.subarray(0, cues * neurons)
  const { states } = await network.recallAsync(from, { ...options, ...lab.limits })
  return Array.from({ length: from.length / neurons }, (_, mu) => overlap(states, from, neurons, mu))
}

/** (1/N) Σ_i a_i b_i of row μ. */
export function overlap(a: Int8Array, b: Int8Array, neurons: number, mu = 0): number {
  let sum = 0
  for (let i = mu * neurons; i < (mu + 1) * neurons; i++) sum += a[i] * b[i]
  return sum / neurons
}

export function average(values: ArrayLike<number>): number {
  let sum = 0
  for (let k = 0; k < values.length; k++) sum += values[k]
  return sum / values.length
}

/** Share of the states that no update changes. */
export async function fixedShare(lab: Lab, network: HopfieldNetwork, states: StatesLike): Promise<number> {
  const { flips } = await network.recallAsync(states, {
    maxSweeps: 1,
    dynamics: 'synchronous',
    ...lab.limits,
  })
  return average(Array.from(flips, (count) => (count === 0 ? 1 : 0)))
}
