import { oneAtATime } from '../../async/chunks.js'
import { type AsyncOptions, checkSignal } from '../../async/options.js'
import { breathe } from '../../async/turn.js'
import { allocate, HopfieldError } from '../../errors.js'
import { checkBoolean, checkInteger, checkNumber } from '../../input/validate.js'
import { type Kernels, type Memory, OUTCOME, type RecallPlan } from '../../kernels/contract/kernels.js'
import { rowWords, spin } from '../../kernels/contract/layout.js'
import { KEYS, MOST_SWEEPS, type RecallOptions, readRecallOptions } from '../bipolar/recall-options.js'

/** Options of a long run at one temperature. It is a function of memory, start and options alone. */
export interface SampleOptions
  extends Omit<RecallOptions, 'maxSweeps' | 'tie' | 'trace' | 'temperature' | 'stream'> {
  /** T > 0, as in recalls. */
  temperature: number
  /** Samples that are averaged, at least 1; 1000 by default. */
  samples?: number
  /** Sweeps before the first of them; 100 by default. */
  burnIn?: number
  /** Sweeps from one sample to the next, at least 1; 1 by default. */
  thinning?: number
  /** true: energies and overlaps of every sample too. */
  series?: boolean
  /** Address of the first chain's randomness under the seed; chain b uses stream + b. 0 by default. */
  stream?: number
}

/** Options of a long run off the event loop. */
export interface SampleAsyncOptions extends SampleOptions, Pick<AsyncOptions, 'signal'> {
  /** Called on this thread now and then; what it throws ends the call. */
  onProgress?: (progress: { done: number; total: number }) => void
}

/** Averages over the samples of B chains, row b for chain b. */
export interface SampleResult {
  /** ⟨E⟩. */
  energyMeans: Float64Array
  /** ⟨E²⟩ − ⟨E⟩², from samples. */
  energyVariances: Float64Array
  /** ⟨m^μ⟩: B × P, row-major. */
  overlapMeans: Float64Array
  /** ⟨(m^μ)²⟩: B × P. What is left where a state and its inverse take turns. */
  overlapSquares: Float64Array
  /** ⟨s_i⟩: B × N. */
  stateMeans: Float64Array
  /** The last states: B × N values ±1. */
  states: Int8Array
  /** Sign changes of single neurons, burn-in included. */
  flips: Float64Array
  samples: number
  /** Present if asked: E of each sample, B × samples. */
  energies?: Float64Array
  /** Present if asked: m^μ of each sample, B × samples × P. */
  overlaps?: Float64Array
}

const SAMPLE_KEYS: readonly string[] = [
  ...KEYS.filter((key) => !['maxSweeps', 'tie', 'trace'].includes(key)),
  'samples',
  'burnIn',
  'thinning',
  'series',
]

interface SamplePlan {
  readonly plan: RecallPlan
  readonly samples: number
  readonly burnIn: number
  readonly thinning: number
  readonly series: boolean
}

/** Checks the options. Throws HopfieldError naming the one that is wrong. */
export function readSampleOptions(
  options: SampleOptions | SampleAsyncOptions,
  neurons: number,
  scale: number,
  more: readonly string[] = [],
): SamplePlan {
  const { samples = 1000, burnIn = 100, thinning = 1, series = false } = options ?? {}
  const { plan } = readRecallOptions(options ?? {}, neurons, scale, [...SAMPLE_KEYS, ...more])
  const temperature = checkNumber('temperature', options?.temperature, 1e-300, 1e300)
  const wanted = {
    plan: {
      ...plan,
      temperatures: Float64Array.of(temperature),
      externalField: plan.externalField?.slice(),
    },
    samples: checkInteger('samples', samples, 1, MOST_SWEEPS),
    burnIn: checkInteger('burnIn', burnIn, 0, MOST_SWEEPS),
    thinning: checkInteger('thinning', thinning, 1, MOST_SWEEPS),
    series: checkBoolean('series', series),
  }
  if (wanted.burnIn + wanted.samples * wanted.thinning > MOST_SWEEPS) {
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `samples: expected at most ${MOST_SWEEPS} sweeps in all, got ${burnIn} + ${samples} × ${thinning}`,
    )
  }
  return wanted
}

/** B chains on their way. */
class Chains {
  readonly #kernels: Kernels
  readonly #memory: Memory
  readonly #wanted: SamplePlan
  readonly #count: number
  readonly #rows: Uint32Array
  readonly #outcomes: Float64Array
  readonly #overlaps: Int32Array
  readonly #result: SampleResult
  /** Of each chain, ⟨E⟩ and Σ (E − ⟨E⟩)² so far (Welford 1962). */
  readonly #spreads: Float64Array
  #sweeps = 0
  #done = 0

  constructor(kernels: Kernels, memory: Memory, rows: Uint32Array, wanted: SamplePlan) {
    const { neurons, count: patterns } = memory
    const count = rows.length / rowWords(neurons)
    const { samples, series } = wanted
    this.#kernels = kernels
    this.#memory = memory
    this.#wanted = wanted
    this.#count = count
    this.#rows = rows
    this.#outcomes = new Float64Array(count * OUTCOME.length)
    this.#overlaps = new Int32Array(count * patterns)
    this.#spreads = new Float64Array(count)
    const reals = (length: number): Float64Array =>
      allocate('samples', length * 8, () => new Float64Array(length))
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
    }
  }

  /** Samples that are there. */
  get done(): number {
    return this.#done
  }

  /** Sweeps until the next sample, and the plan of them. */
  next(): RecallPlan {
    const { plan, burnIn, thinning } = this.#wanted
    const sweeps = this.#sweeps === 0 ? burnIn + thinning : thinning
    return { ...plan, maxSweeps: sweeps, firstSweep: this.#sweeps }
  }

  run(plan: RecallPlan): void {
    this.#kernels.recall(this.#memory, this.#rows, this.#count, plan, this.#rows, this.#outcomes)
  }

  runAsync(plan: RecallPlan): Promise<void> {
    return this.#kernels.recallAsync(this.#memory, this.#rows, this.#count, plan, this.#rows, this.#outcomes)
  }

  /** Takes the states as they are into the averages. */
  take(plan: RecallPlan): void {
    const { neurons, count: patterns, rows } = this.#memory
    const { samples } = this.#wanted
    const result = this.#result
    this.#sweeps += plan.maxSweeps
    const nth = ++this.#done
    this.#kernels.overlaps(rows, patterns, neurons, this.#rows, this.#count, this.#overlaps)
    const stride = rowWords(neurons)
    for (let b = 0; b < this.#count; b++) {
      const energy = this.#outcomes[b * OUTCOME.length + OUTCOME.energy]
      result.flips[b] += this.#outcomes[b * OUTCOME.length + OUTCOME.flips]
      const before = energy - result.energyMeans[b]
      result.energyMeans[b] += before / nth
      this.#spreads[b] += before * (energy - result.energyMeans[b])
      if (result.energies !== undefined) result.energies[b * samples + nth - 1] = energy
      for (let mu = 0; mu < patterns; mu++) {
        const m = this.#overlaps[b * patterns + mu] / neurons
        result.overlapMeans[b * patterns + mu] += m
        result.overlapSquares[b * patterns + mu] += m * m
        if (result.overlaps !== undefined) result.overlaps[(b * samples + nth - 1) * patterns + mu] = m
      }
      for (let i = 0; i < neurons; i++) result.stateMeans[b * neurons + i] += spin(this.#rows, i, b * stride)
    }
  }

  result(): SampleResult {
    const result = this.#result
    for (const sums of [result.overlapMeans, result.overlapSquares, result.stateMeans]) {
      for (let k = 0; k < sums.length; k++) sums[k] /= this.#done
    }
    for (let b = 0; b < this.#count; b++) result.energyVariances[b] = this.#spreads[b] / this.#done
    this.#kernels.unpack(this.#rows, this.#count, this.#memory.neurons, result.states)
    return result
  }
}

/** @param rows packed initial states, which become the last ones. */
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
    chains.take(plan)
  }
  return chains.result()
}

/** The same off the event loop. */
export async function sampleAsync(
  kernels: Kernels,
  memory: Memory,
  rows: Uint32Array,
  wanted: SamplePlan,
  options: SampleAsyncOptions,
): Promise<SampleResult> {
  const signal = checkSignal(options.signal)
  signal?.throwIfAborted()
  const chains = new Chains(kernels, memory, rows, wanted)
  while (chains.done < wanted.samples) {
    const plan = chains.next()
    const run = (): Promise<void> => chains.runAsync(plan)
    await (kernels.parallel ? run() : oneAtATime(run))
    signal?.throwIfAborted()
    await breathe()
    chains.take(plan)
    options.onProgress?.({ done: chains.done, total: wanted.samples })
  }
  return chains.result()
}
