import { ASYNC, type AsyncLimits } from '../../async/async-options.js'
import { allBeside, allHere, call, NOBODY, onWay, type Steps } from '../../async/steps.js'
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
  ...without(RECALL, 'maxSweeps', 'tie', 'trace', 'temperature'),
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

/** Words of states that wait to be averaged together: four megabytes. */
const RECENT = 2 ** 20

/** Overlaps that are added to averages in one step: some tenths of a millisecond. */
const SOME = 2 ** 15

/** B running chains. */
class Chains {
  readonly #kernels: Kernels
  readonly #memory: Memory
  readonly #wanted: SamplePlan
  readonly #count: number
  readonly #rows: Uint32Array
  readonly #outcomes: Float64Array
  readonly #overlaps: Int32Array
  readonly #result: SampleResult
  /** Sums of s_i s_j, if they are wanted. */
  readonly #pairs: Float64s | undefined
  /** ⟨E⟩ and Σ (E − ⟨E⟩)² of each chain so far (Welford 1962). */
  readonly #spreads: Float64Array
  /** States that are not in the averages yet: of each chain, `#room` rows. */
  readonly #recent: Uint32Array
  readonly #room: number
  #waiting = 0
  #sweeps = 0
  #done = 0

  constructor(kernels: Kernels, memory: Memory, rows: Uint32Array, wanted: SamplePlan) {
    const { neurons, count: patterns } = memory
    const count = rows.length / rowWords(neurons)
    const { samples, series, correlations } = wanted
    this.#kernels = kernels
    this.#memory = memory
    this.#wanted = wanted
    this.#count = count
    this.#rows = rows
    this.#outcomes = new Float64Array(count * OUTCOME.length)
    this.#overlaps = new Int32Array(count * patterns)
    this.#spreads = new Float64Array(count)
    this.#room = Math.min(samples, Math.max(1, Math.floor(RECENT / Math.max(1, rows.length))))
    this.#recent = allocate(
      'samples',
      this.#room * rows.length * 4,
      () => new Uint32Array(this.#room * rows.length),
    )
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

  /** Sweeps until the next sample, and their plan. */
  next(): RecallPlan {
    const { plan, burnIn, thinning } = this.#wanted
    const sweeps = this.#sweeps === 0 ? burnIn + thinning : thinning
    return { ...plan, maxSweeps: sweeps, firstSweep: this.#sweeps }
  }

  run(plan: RecallPlan): void {
    this.#kernels.recall(this.#memory, this.#rows, this.#count, plan, this.#rows, this.#outcomes)
  }

  runAsync(plan: RecallPlan, flag: Flag): Promise<void> {
    const [rows, count] = [this.#rows, this.#count]
    return this.#kernels.recallAsync(this.#memory, rows, count, plan, rows, this.#outcomes, flag)
  }

  /** Adds the present states to the averages; some of them later, by `settle`, which is due where this is true. */
  *take(plan: RecallPlan): Steps<boolean> {
    const { neurons, count: patterns, rows } = this.#memory
    const { samples } = this.#wanted
    const result = this.#result
    this.#sweeps += plan.maxSweeps
    const nth = ++this.#done
    const states = this.#rows
    const operations = (this.#count * patterns * neurons) / 64
    const given = [rows, patterns, neurons, states, this.#count, this.#overlaps] as const
    yield* call(this.#kernels, operations, 'overlaps', ...given)
    const stride = rowWords(neurons)
    for (let b = 0; b < this.#count; b++) {
      const energy = this.#outcomes[b * OUTCOME.length + OUTCOME.energy]
      result.flips[b] += this.#outcomes[b * OUTCOME.length + OUTCOME.flips]
      const before = energy - result.energyMeans[b]
      result.energyMeans[b] += before / nth
      this.#spreads[b] += before * (energy - result.energyMeans[b])
      if (result.energies !== undefined) result.energies[b * samples + nth - 1] = energy
      for (let mu = 0; mu < patterns; mu++) {
        if (mu % SOME === SOME - 1) yield
        const m = this.#overlaps[b * patterns + mu] / neurons
        result.overlapMeans[b * patterns + mu] += m
        result.overlapSquares[b * patterns + mu] += m * m
        if (result.overlaps !== undefined) result.overlaps[(b * samples + nth - 1) * patterns + mu] = m
      }
      const row = this.#rows.subarray(b * stride, (b + 1) * stride)
      this.#recent.set(row, (b * this.#room + this.#waiting) * stride)
      yield
    }
    return ++this.#waiting === this.#room
  }

  /** Adds the states that wait to the averages, chain by chain: whole numbers, in whatever order. */
  *settle(): Steps<void> {
    const { neurons } = this.#memory
    const some = this.#waiting
    if (some === 0) return
    this.#waiting = 0
    const [stride, height] = [rowWords(neurons), columnWords(some)]
    const columns = new Uint32Array(neurons * height)
    const ones = new Float64Array(some).fill(1)
    const sums = new Float64Array(neurons)
    for (let b = 0; b < this.#count; b++) {
      const rows = this.#recent.subarray(b * this.#room * stride, (b * this.#room + some) * stride)
      this.#kernels.transpose(rows, some, neurons, columns)
      this.#kernels.signedSums(columns, height, some, ones, neurons, sums)
      const means = this.#result.stateMeans.subarray(b * neurons, (b + 1) * neurons)
      for (let i = 0; i < neurons; i++) means[i] += sums[i]
      yield
      if (this.#pairs === undefined) continue
      const products = new Int32Array(neurons * neurons)
      yield* call(
        this.#kernels,
        (neurons * neurons * some) / 64,
        'correlations',
        columns,
        columns,
        some,
        neurons,
        neurons,
        products,
      )
      const pairs = this.#pairs.subarray(b * products.length, (b + 1) * products.length)
      for (let k = 0; k < pairs.length; k++) {
        pairs[k] += products[k]
        if (k % SOME === SOME - 1) yield
      }
    }
  }

  *result(): Steps<SampleResult> {
    const result = this.#result
    const pairs = this.#pairs ?? new Float64Array(0)
    for (const sums of [result.overlapMeans, result.overlapSquares, result.stateMeans, pairs]) {
      for (let k = 0; k < sums.length; k++) {
        sums[k] /= this.#done
        if (k % SOME === SOME - 1) yield
      }
    }
    for (let b = 0; b < this.#count; b++) result.energyVariances[b] = this.#spreads[b] / this.#done
    this.#kernels.unpack(this.#rows, this.#count, this.#memory.neurons, result.states)
    return result
  }
}

/** @param rows packed initial states; overwritten by the final states. */
export function sample(
  kernels: Kernels,
  memory: Memory,
  rows: Uint32Array,
  wanted: SamplePlan,
): SampleResult {
  const chains = new Chains(kernels, memory, rows, wanted)
  while (chains.done < wanted.samples) {
    const plan = chains.next()
    chains.run(plan)
    if (allHere(chains.take(plan))) allHere(chains.settle())
  }
  allHere(chains.settle())
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
  const chains = new Chains(kernels, memory, rows, wanted)
  await stoppable(wanted.samples, { signal, onProgress }, async (tally) => {
    while (chains.done < wanted.samples && !tally.stopped) {
      const plan = chains.next()
      const flag = tally.begin(0)
      await chains.runAsync(plan, flag)
      await breathe()
      if (!stopped(flag) && (await taken(chains.take(plan), flag))) await taken(chains.settle(), flag)
      tally.end(flag, 1)
    }
  })
  await allBeside(chains.settle(), NOBODY)
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
