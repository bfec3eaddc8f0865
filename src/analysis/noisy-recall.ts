import type { WholeLimits } from '../async/async-options.js'
import { Mark, type Steps } from '../async/steps.js'
import { allocate, within } from '../errors.js'
import { type Given, integer, option, type Read, unread } from '../input/options.js'
import type { NumbersLike } from '../input/typed-arrays.js'
import { seedWords } from '../input/validate.js'
import type { RecallBatchOptions, RecallOptions } from '../memories/bipolar/recall-options.js'
import type { BatchResult } from '../memories/bipolar/recall-result.js'
import { addNoise } from '../patterns/corruption.js'
import type { AsyncRecallNetwork, RecallNetwork } from './networks.js'

/** Options of the recalls that the diagnostics make; the network checks them. */
export const RECALLING = {
  dynamics: unread<NonNullable<RecallOptions['dynamics']>>(),
  order: unread<NonNullable<RecallOptions['order']>>(),
  tie: unread<NonNullable<RecallOptions['tie']>>(),
  maxSweeps: unread<number>(),
  externalField: unread<NumbersLike>(),
  temperature: unread<NonNullable<RecallOptions['temperature']>>(),
}

/** Options of every diagnostic that recalls. */
export const TRIALS = {
  /** Cues per pattern, and per noise; 1 by default. */
  trials: integer(1, 2 ** 30, 1),
  /** 64-bit seed; 0 by default. */
  seed: option<number | bigint>(0, (name, value) => {
    seedWords(value, name)
    return value as number | bigint
  }),
  ...RECALLING,
}

/** Recall options that the diagnostics pass on. */
export type DiagnosticRecallOptions = Given<typeof RECALLING>

/** Which cues are recalled: `trials` noisy ones of each pattern. */
export interface NoisyCues {
  /** The called method. */
  readonly method: string
  readonly patterns: ArrayLike<number>
  readonly noise: number
  readonly trials: number
  readonly seed: number | bigint
  /** How many were recalled before these, and how many there are in all. */
  readonly before: number
  readonly total: number
}

/** How one of them ended: wrong bits, and whether it converged. */
export type NoisyEnd = (k: number, wrong: number, converged: boolean) => void

/** Values of cues that are recalled together. */
const TOGETHER = 2 ** 22

/**
 * Recalls noisy cues and tells the end of each. Cue t of the k-th pattern uses stream k·trials + t for its noise and its recall, so it is
 * the same cue whatever is recalled with it.
 */
export function* noisyRecalls(
  network: RecallNetwork & Partial<AsyncRecallNetwork>,
  { method, patterns, noise, trials, seed, before, total }: NoisyCues,
  options: DiagnosticRecallOptions,
  limits: Pick<WholeLimits, 'threads' | 'signal'> | undefined,
  tell: NoisyEnd,
): Steps<void> {
  const n = network.neurons
  const count = patterns.length * trials
  const some = Math.max(1, Math.floor(TOGETHER / n))
  for (let from = 0; from < count; from += some) {
    const to = Math.min(from + some, count)
    const cues = allocate('cues', (to - from) * n, () => new Int8Array((to - from) * n))
    const originals = new PatternOf(network, patterns, trials)
    for (let c = from; c < to; c++) {
      const pattern = originals.at(c)
      cues.set(noise === 0 ? pattern : addNoise(pattern, { noise, seed, stream: c }), (c - from) * n)
      yield
    }
    const recalled = yield* recall(method, network, cues, { ...options, seed, stream: from }, limits)
    for (let c = from; c < to; c++) {
      const pattern = originals.at(c)
      let wrong = 0
      const base = (c - from) * n
      for (let i = 0; i < n; i++) if (recalled.states[base + i] !== pattern[i]) wrong++
      tell(Math.floor(c / trials), wrong, recalled.converged[c - from] === 1)
      yield
    }
    yield new Mark(before + to, total)
  }
}

/** The pattern of each cue, taken from the network once while it is wanted. */
class PatternOf {
  readonly #network: RecallNetwork
  readonly #patterns: ArrayLike<number>
  readonly #trials: number
  #last: { k: number; pattern: Int8Array } | undefined

  constructor(network: RecallNetwork, patterns: ArrayLike<number>, trials: number) {
    this.#network = network
    this.#patterns = patterns
    this.#trials = trials
  }

  at(cue: number): Int8Array {
    const k = Math.floor(cue / this.#trials)
    if (this.#last?.k !== k) this.#last = { k, pattern: this.#network.pattern(this.#patterns[k]) }
    return this.#last.pattern
  }
}

/** The network says what is wrong with the options; the caller knows them as those of another method. */
function* recall(
  method: string,
  network: RecallNetwork & Partial<AsyncRecallNetwork>,
  cues: Int8Array,
  options: RecallBatchOptions & { packed?: false },
  limits: Pick<WholeLimits, 'threads' | 'signal'> | undefined,
): Steps<BatchResult<Int8Array>> {
  let result: BatchResult<Int8Array> | undefined
  yield {
    here() {
      try {
        result = network.recallBatch(cues, options)
      } catch (error) {
        throw within(method, error)
      }
    },
    async beside() {
      const { threads, signal } = limits ?? {}
      const all = {
        ...options,
        ...(threads === undefined ? {} : { threads }),
        ...(signal === undefined ? {} : { signal }),
      }
      try {
        result = await network.recallAsync?.(cues, all)
      } catch (error) {
        throw within(method, error)
      }
    },
  }
  return result as BatchResult<Int8Array>
}

/** The recall options among those that were read. */
export function passedOn(options: Read<typeof RECALLING>): DiagnosticRecallOptions {
  const keys = Object.keys(RECALLING) as (keyof typeof RECALLING)[]
  const given = keys.filter((key) => options[key] !== undefined)
  return Object.fromEntries(given.map((key) => [key, options[key]]))
}
