import { setImmediate } from 'node:timers/promises'
import { addNoise, HopfieldError, HopfieldNetwork } from 'hopfield-native'
import { idsOf, keep } from './keeping.js'
import type { NamedRule } from './learning.js'
import type { PatternSet } from './patterns.js'
import type { Progress } from './progress.js'

export interface ComparisonOptions {
  /** Shares of neurons to flip. */
  readonly noises: readonly number[]
  /** Cues per pattern and noise. */
  readonly trials: number
  readonly dynamics: 'asynchronous' | 'synchronous'
  readonly tie: 'positive' | 'negative' | 'keep'
  readonly seed: bigint
  readonly threads: number | undefined
  /** Where to save the network, if there is one. */
  readonly save?: string | undefined
  readonly signal: AbortSignal
  readonly progress: Progress
}

/** The result for one rule. */
export interface Compared {
  readonly learning: string
  /** Duration of `storeAsync` in seconds. */
  readonly seconds: number
  /** Patterns stored: the rule may have skipped dependent ones. */
  readonly stored: number
  /** Share of all patterns that are fixed points. */
  readonly fixed: number
  /** For each noise, the share of cues recalled to the last bit. */
  readonly recalled: readonly number[]
}

/** A rule that cannot store these patterns, and why. */
export interface Refused {
  readonly learning: string
  readonly reason: string
}

/** The share of the work on a rule that its learning counts for. */
const LEARNING = 0.5

/** Stores the same patterns with each rule, and recalls the same cues from each. */
export async function compare(
  set: PatternSet,
  rules: readonly NamedRule[],
  options: ComparisonOptions,
): Promise<(Compared | Refused)[]> {
  const found: (Compared | Refused)[] = []
  options.progress.stage('rules', rules.length, 'rules')
  for (const rule of rules) {
    // Signal handlers run only when the event loop turns.
    await setImmediate()
    options.signal.throwIfAborted()
    // Two decimals: a share of a rule, not a count.
    const tell = (share: number): void =>
      options.progress.update(Number((found.length + share).toFixed(2)), rule.name)
    tell(0)
    found.push(await tried(set, rule, options, tell))
    options.progress.update(found.length)
  }
  return found
}

async function tried(
  set: PatternSet,
  { name, learning }: NamedRule,
  { noises, trials, dynamics, tie, seed, threads, save, signal }: ComparisonOptions,
  tell: (share: number) => void,
): Promise<Compared | Refused> {
  const { neurons, states } = set
  const net = new HopfieldNetwork({ neurons, learning })
  const start = performance.now()
  try {
    await net.storeAsync(states, {
      ...(save === undefined ? {} : { ids: idsOf(set.names) }),
      signal,
      onProgress: ({ done, total }) => tell((LEARNING * done) / total),
    })
  } catch (error) {
    if (error instanceof HopfieldError)
      return { learning: name, reason: error.message.replace(/^storeAsync: /, '') }
    throw error
  }
  const seconds = (performance.now() - start) / 1e3
  await keep(net, { ...(save === undefined ? {} : { save }) }, signal)
  const count = states.length / neurons
  const recall = { dynamics, tie, seed, signal, ...(threads === undefined ? {} : { threads }) }
  let recalls = 0
  const share = async (noise: number): Promise<number> => {
    let exact = 0
    for (let trial = 0; trial < trials; trial++) {
      const cues = noisy(set, noise, seed, trial * count)
      exact += equalRows((await net.recallAsync(cues, recall)).states, states, neurons)
      recalls++
      tell(LEARNING + ((1 - LEARNING) * recalls) / (noises.length * trials))
    }
    return exact / (trials * count)
  }
  const recalled: number[] = []
  for (const noise of noises) recalled.push(await share(noise))
  const { states: after } = await net.recallAsync(states, { ...recall, maxSweeps: 1 })
  return {
    learning: name,
    seconds,
    stored: net.patternCount,
    fixed: equalRows(after, states, neurons) / count,
    recalled,
  }
}

function noisy({ neurons, states }: PatternSet, fraction: number, seed: bigint, stream: number): Int8Array {
  const out = new Int8Array(states.length)
  for (let mu = 0; mu * neurons < states.length; mu++) {
    const state = states.subarray(mu * neurons, (mu + 1) * neurons)
    out.set(addNoise(state, { noise: fraction, seed, stream: stream + mu }), mu * neurons)
  }
  return out
}

function equalRows(a: Int8Array, b: Int8Array, neurons: number): number {
  let equal = 0
  for (let at = 0; at < a.length; at += neurons) {
    let i = 0
    while (i < neurons && a[at + i] === b[at + i]) i++
    if (i === neurons) equal++
  }
  return equal
}
