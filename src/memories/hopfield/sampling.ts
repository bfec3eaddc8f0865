import { ASYNC, type AsyncLimits } from '../../async/async-options.js'
import { allBeside, allHere, call, NOBODY, onWay, portionOf, type Steps } from '../../async/steps.js'
import { stoppable } from '../../async/tally.js'
import { allocate, HopfieldError } from '../../errors.js'
import { flag, type Given, integer, type Read, required, Schema, without } from '../../input/options.js'
import type { Float64s, Int8s } from '../../input/typed-arrays.js'
import { checkNumber } from '../../input/validate.js'
import {
  type Flag,
  type Kernels,
  type Memory,
  OUTCOME,
  type RecallPlan,
  stopped,
} from '../../kernels/contract/kernels.js'
import { columnWords, rowWords } from '../../kernels/contract/layout.js'
import { breathe, spent } from '../../platform/turn.js'
import { MOST_SWEEPS, planOf, RECALL } from '../bipolar/recall-options.js'

const RUN = {
  ...without(RECALL, 'maxSweeps', 'tie', 'trace', 'temperature', 'out'),
  /** T > 0, as for a recall. */
  temperature: required<number>((name, value) => checkNumber(name, value, 1e-300, 1e300)),
  /** Number of samples to average, at least 1; 1000 by default. */
  samples: integer(1, MOST_SWEEPS, 1000),
  /** Sweeps before the first sample; 100 by default. */
  burnIn: integer(0, MOST_SWEEPS, 100),
  /** Sweeps from one sample to the next, at least 1; 1 by default. */
  thinning: integer(1, MOST_SWEEPS, 1),
  /** true: the result also has energy and overlaps of every sample. */
  series: flag(false),
  /** true: the result also has ⟨s_i s_j⟩ of all pairs: 8·N² bytes a chain. */
  correlations: flag(false),
}
const RUN_ASYNC = { ...RUN, ...without(ASYNC, 'threads', 'chunk') }

export const SAMPLE = new Schema(RUN)
export const SAMPLE_ASYNC = new Schema(RUN_ASYNC)

/**
 * Options of a long run at one temperature. The result depends only on memory, starts and options. Chain b uses `stream` + b.
 */
export interface SampleOptions extends Given<typeof RUN> {}

/** Options of a long run off the event loop; `onProgress` counts samples. */
export interface SampleAsyncOptions extends Given<typeof RUN_ASYNC> {}

/** Averages over the samples of B chains; row b belongs to chain b. */
export interface SampleResult {
  /** ⟨E⟩. */
  energyMeans: Float64s
  /** ⟨E²⟩ − ⟨E⟩², from samples. */
  energyVariances: Float64s
  /** ⟨m^μ⟩: B × P, row-major. */
  overlapMeans: Float64s
  /** ⟨(m^μ)²⟩: B × P. Unlike ⟨m^μ⟩ it does not vanish when a chain alternates between a state and its inverse. */
  overlapSquares: Float64s
  /** ⟨s_i⟩: B × N. */
  stateMeans: Float64s
  /** The last states: B × N values ±1. */
  states: Int8s
  /** Sign changes of single neurons, including the burn-in. */
  flips: Float64s
  samples: number
  /** Present if `series` is true: E of each sample, B × samples. */
  energies?: Float64s
  /** Present if `series` is true: m^μ of each sample, B × samples × P. */
  overlaps?: Float64s
  /** Present if `correlations` is true: ⟨s_i s_j⟩, B × N × N, row-major; 1 where i = j. */
  correlations?: Float64s
}

interface SamplePlan {
  readonly plan: RecallPlan
  readonly samples: number
  readonly burnIn: number
  readonly thinning: number
  readonly series: boolean
  readonly correlations: boolean
}

/** Checked options in the form that kernels and chains take. */
export function samplePlan(
  method: string,
  options: Read<typeof RUN>,
  scale: number,
  externalField: Float64Array | undefined,
): SamplePlan {
  const { temperature, samples, burnIn, thinning, series, correlations } = options
  if (burnIn + samples * thinning > MOST_SWEEPS) {
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `${method}: samples: expected at most ${MOST_SWEEPS} sweeps in all, got ${burnIn} + ${samples} × ${thinning}`,
    )
  }
  const recall = { ...options, tie: 'positive', maxSweeps: 1, temperature: undefined } as const
  const plan = { ...planOf(recall, scale, externalField), temperatures: Float64Array.of(temperature) }
  return { plan, samples, burnIn, thinning, series, correlations }
}

/** Words of states, and overlaps, that are averaged together: sixteen megabytes. A call of the kernel has a set-up of some milliseconds. */
const RECENT = 2 ** 22

/** Overlaps that are added to averages in one step: some tenths of a millisecond. */
const SOME = 2 ** 15

/** B running chains. */
class Chains {
  readonly #kernels: Kernels
  readonly #memory: Memory
  readonly #wanted: SamplePlan
  readonly #count: number
  readonly #rows: Uint32Array
  readonly #result: SampleResult
  /** Sums of s_i s_j, if they are wanted. */
  readonly #pairs: Float64s | undefined
  /** ⟨E⟩ and Σ (E − ⟨E⟩)² of each chain so far (Welford 1962). */
  readonly #spreads: Float64Array
  /** Samples that are taken at once. */
  readonly #portion: number
  /** The last of them: rows and outcomes of the first chain, then those of the second one. */
  readonly #states: Uint32Array
  readonly #outcomes: Float64Array
  readonly #overlaps: Int32Array
  /** Σ s_i of all samples. */
  readonly #sums: Int32Array
  #sweeps = 0
  #done = 0

  /** @param aside whether others wait for this thread or want to hear of progress: then portions take no more than some tens of milliseconds. */
  constructor(kernels: Kernels, memory: Memory, rows: Uint32Array, wanted: SamplePlan, aside: boolean) {
    const { neurons, count: patterns } = memory
    const count = rows.length / rowWords(neurons)
    const { samples, thinning, series, correlations } = wanted
    this.#kernels = kernels
    this.#memory = memory
    this.#wanted = wanted
    this.#count = count
    this.#rows = rows
    this.#spreads = new Float64Array(count)
    const room = Math.floor(RECENT / Math.max(1, rows.length, count * patterns))
    // A sample of however few neurons takes some microseconds.
    const each = 2 ** 13 + count * neurons * thinning * (16 + patterns / 16)
    const quick = aside ? portionOf(kernels, each) : samples
    const portion = Math.max(1, Math.min(samples, room, quick))
    this.#portion = portion
    this.#states = allocate(
      'samples',
      portion * rows.length * 4,
      () => new Uint32Array(portion * rows.length),
    )
    this.#outcomes = new Float64Array(portion * count * OUTCOME.length)
    this.#overlaps = new Int32Array(portion * count * patterns)
    this.#sums = allocate('samples', count * neurons * 4, () => new Int32Array(count * neurons))
    const reals = (length: number): Float64s =>
      allocate('samples', length * 8, () => new Float64Array(length))
    if (correlations) this.#pairs = reals(count * neurons * neurons)
    this.#result = {
      energyMeans: reals(count),
      energyVariances: reals(count),
      overlapMeans: reals(count * patterns),
      overlapSquares: reals(count * patterns),
      stateMeans: reals(count * neurons),
      states: new Int8Array(count * neurons),
      flips: reals(count),
      samples,
      ...(series ? { energies: reals(count * samples), overlaps: reals(count * samples * patterns) } : {}),
      ...(this.#pairs === undefined ? {} : { correlations: this.#pairs }),
    }
  }

  /** Samples taken so far. */
  get done(): number {
    return this.#done
  }

  /** What comes before the first sample: none of them. */
  *burnIn(): Steps<number> {
    const { plan, burnIn } = this.#wanted
    if (burnIn === 0) return 0
    const ends = new Float64Array(this.#count * OUTCOME.length)
    const [rows, count] = [this.#rows, this.#count]
    const given = [this.#memory, rows, count, { ...plan, maxSweeps: burnIn }, rows, ends] as const
    yield {
      here: () => {
        this.#kernels.recall(...given)
      },
      beside: (flag) => this.#kernels.recallAsync(...given, flag),
    }
    this.#sweeps = burnIn
    for (let b = 0; b < count; b++) this.#result.flips[b] += ends[b * OUTCOME.length + OUTCOME.flips]
    return 0
  }

  /** Takes some samples and adds them to the averages. Returns how many. */
  *take(): Steps<number> {
    const { plan, samples, thinning } = this.#wanted
    const some = Math.min(this.#portion, samples - this.#done)
    const next = { ...plan, maxSweeps: thinning, firstSweep: this.#sweeps }
    const [rows, count, states, outcomes] = [this.#rows, this.#count, this.#states, this.#outcomes]
    const given = [this.#memory, rows, count, next, some, states, outcomes, this.#sums] as const
    yield {
      here: () => this.#kernels.sample(...given),
      beside: (flag) => this.#kernels.sampleAsync(...given, flag),
    }
    this.#sweeps += some * thinning
    yield* this.#note(some)
    if (this.#pairs !== undefined) yield* this.#pair(some, this.#pairs)
    this.#done += some
    return some
  }

  /** Energies, flips and overlaps of the last samples. */
  *#note(some: number): Steps<void> {
    const { neurons, count: patterns, rows } = this.#memory
    const { samples } = this.#wanted
    const result = this.#result
    const all = this.#count * some
    const given = [rows, patterns, neurons, this.#states, all, this.#overlaps] as const
    yield* call(this.#kernels, (all * patterns * neurons) / 64, 'overlaps', ...given)
    for (let b = 0, at = 0; b < this.#count; b++) {
      for (let k = 0; k < some; k++, at++) {
        const nth = this.#done + k + 1
        const energy = this.#outcomes[at * OUTCOME.length + OUTCOME.energy]
        result.flips[b] += this.#outcomes[at * OUTCOME.length + OUTCOME.flips]
        const before = energy - result.energyMeans[b]
        result.energyMeans[b] += before / nth
        this.#spreads[b] += before * (energy - result.energyMeans[b])
        if (result.energies !== undefined) result.energies[b * samples + nth - 1] = energy
        for (let mu = 0; mu < patterns; mu++) {
          if (mu % SOME === SOME - 1) yield
          const m = this.#overlaps[at * patterns + mu] / neurons
          result.overlapMeans[b * patterns + mu] += m
          result.overlapSquares[b * patterns + mu] += m * m
          if (result.overlaps !== undefined) result.overlaps[(b * samples + nth - 1) * patterns + mu] = m
        }
        yield
      }
    }
  }

  /** Products of the states of the last samples, chain by chain. */
  *#pair(some: number, all: Float64s): Steps<void> {
    const { neurons } = this.#memory
    const [stride, height] = [rowWords(neurons), columnWords(some)]
    const columns = new Uint32Array(neurons * height)
    const products = new Int32Array(neurons * neurons)
    const operations = (neurons * neurons * some) / 64
    for (let b = 0; b < this.#count; b++) {
      const rows = this.#states.subarray(b * some * stride, (b + 1) * some * stride)
      yield* call(this.#kernels, some * neurons, 'transpose', rows, some, neurons, columns)
      const given = [columns, columns, some, neurons, neurons, products] as const
      yield* call(this.#kernels, operations, 'correlations', ...given)
      for (let from = 0; from < products.length; from += SOME) {
        addTo(all, b * products.length, products, from, Math.min(from + SOME, products.length))
        yield
      }
    }
  }

  *result(): Steps<SampleResult> {
    const result = this.#result
    const pairs = this.#pairs ?? new Float64Array(0)
    const { length } = this.#sums
    yield* call(this.#kernels, length, 'quotients', this.#sums, length, this.#done, result.stateMeans)
    for (const sums of [result.overlapMeans, result.overlapSquares, pairs]) {
      for (let from = 0; from < sums.length; from += SOME) {
        divide(sums, from, Math.min(from + SOME, sums.length), this.#done)
        yield
      }
    }
    for (let b = 0; b < this.#count; b++) result.energyVariances[b] = this.#spreads[b] / this.#done
    this.#kernels.unpack(this.#rows, this.#count, this.#memory.neurons, result.states)
    return result
  }
}

/** Adds values from…to to those from `at` on. */
function addTo(sums: Float64s, at: number, values: Int32Array, from: number, to: number): void {
  for (let k = from; k < to; k++) sums[at + k] += values[k]
}

function divide(sums: Float64s, from: number, to: number, by: number): void {
  for (let k = from; k < to; k++) sums[k] /= by
}

/** @param rows packed initial states; overwritten by the final states. */
export function sample(
  kernels: Kernels,
  memory: Memory,
  rows: Uint32Array,
  wanted: SamplePlan,
): SampleResult {
  const chains = new Chains(kernels, memory, rows, wanted, false)
  allHere(chains.burnIn())
  while (chains.done < wanted.samples) allHere(chains.take())
  return allHere(chains.result())
}

/** The same off the event loop. */
export async function sampleAsync(
  kernels: Kernels,
  memory: Memory,
  rows: Uint32Array,
  wanted: SamplePlan,
  { signal, onProgress }: Pick<AsyncLimits, 'signal' | 'onProgress'>,
): Promise<SampleResult> {
  const chains = new Chains(kernels, memory, rows, wanted, true)
  await stoppable(wanted.samples, { signal, onProgress }, async (tally) => {
    const step = async (steps: Steps<number>): Promise<void> => {
      const flag = tally.begin(0)
      tally.end(flag, (await taken(steps, flag)) ?? 0)
    }
    await step(chains.burnIn())
    while (chains.done < wanted.samples && !tally.stopped) await step(chains.take())
  })
  return allBeside(chains.result(), NOBODY)
}

/** What comes of the steps, unless the flag is raised before. */
async function taken<T>(steps: Steps<T>, flag: Flag): Promise<T | undefined> {
  while (!stopped(flag)) {
    const { done, value } = steps.next()
    if (done) return value
    if (value !== undefined && 'here' in value) await onWay(value, flag)
    if (spent()) await breathe()
  }
  return undefined
}
