import { ASYNC } from '../../async/async-options.js'
import { Mark, type Steps } from '../../async/steps.js'
import { readFlags } from '../../input/glyphs.js'
import { type Given, integer, number, optional, type Read, Schema, seed } from '../../input/options.js'
import type { Float32s } from '../../input/typed-arrays.js'
import type { UnitRowsLike } from '../../input/unit-rows.js'
import { unstrided } from '../../storage/machine-weights.js'
import { MAX_STREAM } from '../bipolar/recall-options.js'
import type { Machine } from './machine.js'

const SAMPLE = {
  /** Chains, 1 to 2^20; 1 by default, or as many as there are `starts`. */
  count: optional<number>((name, value) => integer(1, 2 ** 20, 1).read(name, value, undefined)),
  /** Gibbs steps of each chain, 1 to 2^29; 1000 by default. */
  steps: integer(1, 2 ** 29, 1000),
  /** Rows at which chains start; by default each visible unit is random. */
  starts: optional<UnitRowsLike, unknown>((_, value) => value),
  /** V flags: a unit with flag 1 or true keeps the value of its start. */
  clamp: optional<ArrayLike<number | bigint | boolean>, Uint8Array, number>(readFlags),
  /** T > 0, 1e-3 to 1e3: rows are drawn with probabilities e^(−E/T)/Z; 1 by default. Gaussian units keep their ½v² at every T. */
  temperature: number(1e-3, 1e3, 1),
  /** 64-bit seed; 0 by default. */
  seed: seed(),
  /** Number of the random stream of the first chain under the seed, 0 to 2^52; chain b uses `stream` + b. 0 by default. */
  stream: integer(0, MAX_STREAM, 0),
}
const { signal, onProgress } = ASYNC
const SAMPLE_ASYNC = { ...SAMPLE, signal, onProgress }

export const SAMPLING: Schema<typeof SAMPLE> = new Schema(SAMPLE)
export const SAMPLING_LATER: Schema<typeof SAMPLE_ASYNC> = new Schema(SAMPLE_ASYNC)

/** Options of `sample`. A chain is a function of machine, start, options and its stream, whatever runs beside it. */
export interface UnitSampleOptions extends Given<typeof SAMPLE> {}
/** Options of `sampleAsync`; `onProgress` counts steps. */
export interface UnitSampleAsyncOptions extends Given<typeof SAMPLE_ASYNC> {}
export type Sampling = Read<typeof SAMPLE>

/** What chains came to; row b belongs to chain b. */
export interface UnitSamples {
  /** The last visible rows: B × V numbers. */
  states: Float32s
  /** The means that they were drawn with: B × V numbers, pictures without the noise of the draw. */
  means: Float32s
  /** The last hidden rows: B × H numbers. */
  hidden: Float32s
}

/** Steps between two reports. */
const SOME = 64

export function* samples(
  machine: Machine,
  starts: Float32s | undefined,
  { count: wanted, steps, clamp, temperature, seed, stream }: Sampling,
): Steps<UnitSamples> {
  const { visible: width, stride } = machine
  const count = starts === undefined ? (wanted ?? 1) : starts.length / width
  const visible = machine.singles(count, width)
  const hidden = machine.singles(count, stride)
  const means = machine.singles(count, width)
  if (starts !== undefined) visible.set(starts)
  const walk = { seed, stream, visible, hidden, clamp: undefined, means: undefined }
  // At β = 0 units are independent of each other; the first two sweeps are for that.
  if (starts === undefined) {
    yield* machine.gibbs({ ...walk, firstSweep: 0, steps: 1, betas: new Float64Array(count) })
  }
  const betas = new Float64Array(count).fill(1 / temperature)
  for (let done = 0; done < steps; done += SOME) {
    const some = Math.min(SOME, steps - done)
    yield* machine.gibbs({ ...walk, firstSweep: 2 + 2 * done, steps: some, betas, clamp, means })
    yield new Mark(done + some, steps)
  }
  return { states: visible, means, hidden: yield* unstrided(hidden, machine.hidden) }
}
