import type { WholeLimits } from '../async/async-options.js'
import { stoppable } from '../async/tally.js'
import type { Float64s } from '../input/typed-arrays.js'
import { PURPOSE, WordStream } from '../numerics/philox.js'
import { processors } from '../platform/node/system.js'
import { breathe, inTurns, spent } from '../platform/turn.js'
import { Table } from './curve.js'

/** One network of an experiment. */
export interface Trial {
  /** The called function. */
  readonly method: string
  /** Number of the setting, and of the network within it. */
  readonly setting: number
  readonly network: number
  /** A seed of its own, below 2^52. */
  readonly seed: number
  /** For everything that computes off the event loop. */
  readonly limits: { readonly threads: number; readonly signal: AbortSignal }
}

/** What is to be done: `networks` trials of each setting, which give `width` numbers each. */
export interface Survey {
  readonly method: string
  readonly settings: number
  readonly networks: number
  readonly width: number
  readonly seed: readonly [low: number, high: number]
  readonly limits: WholeLimits
}

/**
 * Measures many networks, some at the same time, and counts them as progress. The numbers depend on the seed alone: each trial has a seed of
 * its own, which neither the number of networks nor that of settings changes. It rejects with the first error once nothing runs any more.
 */
export async function survey(
  { method, settings, networks, width, seed, limits }: Survey,
  measure: (trial: Trial) => Promise<ArrayLike<number>>,
): Promise<Table> {
  const total = settings * networks
  const table = new Table(method, settings, networks, width)
  const threads = limits.threads ?? processors()
  const lanes = Math.min(threads, total)
  let [next, done] = [0, 0]
  await stoppable(total, limits, async (tally) => {
    const each = { threads: Math.ceil(threads / lanes), signal: tally.signal }
    const lane = async (): Promise<void> => {
      while (next < total && !tally.stopped) {
        const at = next++
        // One network of each setting, then the next of each.
        const [network, setting] = [Math.floor(at / settings), at % settings]
        const trial = { method, setting, network, seed: seedOf(seed, setting, network), limits: each }
        try {
          table.put(setting, network, await measure(trial))
        } catch (error) {
          return tally.fail(error)
        }
        tally.reach({ done: ++done, total })
        await turn()
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
  })
  return table
}

/** What a theory expects at each value, computed so that others run meanwhile. */
export async function expected(
  values: Iterable<number>,
  theory: (value: number) => Generator<void, number> | number,
  signal: AbortSignal | undefined,
): Promise<Float64s> {
  const all: number[] = []
  for (const value of values) {
    const at = theory(value)
    all.push(typeof at === 'number' ? at : ((await inTurns(at, () => signal?.aborted ?? false)) ?? 0))
    await turn(signal)
  }
  return Float64Array.from(all)
}

/** Lets others run where this turn of the event loop has had its share; throws the signal's reason once it is aborted. */
export async function turn(signal?: AbortSignal): Promise<void> {
  if (spent()) await breathe()
  signal?.throwIfAborted()
}

function seedOf(seed: readonly [low: number, high: number], setting: number, network: number): number {
  const words = new WordStream(...seed).seek(PURPOSE.experiments, network, setting)
  return words.word() * 2 ** 20 + (words.word() >>> 12)
}
