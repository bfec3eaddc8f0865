import { setImmediate } from 'node:timers/promises'
import { addNoise, PackedPatterns, type RecallOptions } from 'hopfield-native'
import type { SweepingMemory } from './models.js'
import type { PatternSet } from './patterns.js'
import type { Progress } from './progress.js'
import { nearestTo, type Outcome } from './verdict.js'

/** Milliseconds of work on this thread before the event loop gets a turn, in which Ctrl-C is handled. */
const TURN = 30

/** Values that get noise, or are packed, in one portion. */
const PACKED_AT_ONCE = 2 ** 17

/** Overlaps kept, and products computed for them, in one portion: tens of milliseconds on the slowest backend. */
const OVERLAPS_AT_ONCE = 2 ** 20
const PRODUCTS_AT_ONCE = 2 ** 25

export interface RecallingOptions {
  readonly recall: Omit<RecallOptions, 'trace' | 'stream'> & { seed: bigint }
  /** Share of each cue's neurons to flip before it is recalled. */
  readonly noise: number
  /** Most threads; the package chooses by default. */
  readonly threads?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly progress?: Progress | undefined
}

export interface Recalled {
  /** One per cue. */
  readonly states: PackedPatterns
  /** One per cue. */
  readonly outcomes: Outcome[]
}

/**
 * Recalls every cue off the event loop. Cue b uses stream b for its noise and for its recall.
 *
 * If the signal aborts, it rejects with the signal's reason as soon as no work is running.
 */
export async function recallAll(
  network: SweepingMemory,
  cues: PatternSet,
  { recall, noise, threads, signal, progress }: RecallingOptions,
): Promise<Recalled> {
  const { seed } = recall
  const count = cues.names.length
  const noisy = noise === 0 ? cues.states : await withNoise(cues, { noise, seed }, signal, progress)
  progress?.stage('recalling', count)
  const { states, cycles, sweeps, flips, energies } = await network.recallAsync(noisy, {
    ...recall,
    packed: true,
    ...(threads === undefined ? {} : { threads }),
    ...(signal === undefined ? {} : { signal }),
    onProgress: ({ done }) => progress?.update(done),
  })
  const outcomes: Outcome[] = []
  progress?.stage('comparing', count)
  const portion = Math.min(
    OVERLAPS_AT_ONCE / network.patternCount,
    PRODUCTS_AT_ONCE / (network.patternCount * network.neurons),
  )
  await inPortions(count, portion, signal, progress, (from, to) => {
    const overlaps = network.overlapsBatch(rowsOf(states, from, to))
    for (let b = from; b < to; b++) {
      const at = (b - from) * network.patternCount
      outcomes.push({
        ...nearestTo(overlaps.subarray(at, at + network.patternCount)),
        cycle: cycles[b],
        sweeps: sweeps[b],
        flips: flips[b],
        energy: energies[b],
      })
    }
  })
  return { states, outcomes }
}

/** The cues with noise, packed portion by portion, so that no unpacked copy of all cues is made. */
export async function withNoise(
  { states, names, neurons }: PatternSet,
  noise: { noise: number; seed: bigint },
  signal: AbortSignal | undefined,
  progress: Progress | undefined,
): Promise<PackedPatterns> {
  const count = names.length
  const portion = Math.max(1, Math.floor(PACKED_AT_ONCE / neurons))
  const bytes = new Int8Array(Math.min(portion, count) * neurons)
  const width = PackedPatterns.from(states.subarray(0, neurons), { neurons }).words.length
  const words = new Uint32Array(count * width)
  progress?.stage('adding noise', count)
  await inPortions(count, portion, signal, progress, (from, to) => {
    for (let b = from; b < to; b++) {
      const cue = states.subarray(b * neurons, (b + 1) * neurons)
      bytes.set(addNoise(cue, { ...noise, stream: b }), (b - from) * neurons)
    }
    const packed = PackedPatterns.from(bytes.subarray(0, (to - from) * neurons), { neurons })
    words.set(packed.words, from * width)
  })
  return new PackedPatterns({ neurons, words })
}

/** States from…to as a view. */
function rowsOf({ neurons, words, count }: PackedPatterns, from: number, to: number): PackedPatterns {
  const width = words.length / count
  return new PackedPatterns({ neurons, words: words.subarray(from * width, to * width) })
}

/** Does the work in portions on this thread, and lets the event loop turn in between. */
export async function inPortions(
  count: number,
  portion: number,
  signal: AbortSignal | undefined,
  progress: Progress | undefined,
  work: (from: number, to: number) => void,
): Promise<void> {
  const step = Math.max(1, Math.floor(portion))
  let began = performance.now()
  for (let from = 0; from < count; from += step) {
    signal?.throwIfAborted()
    const to = Math.min(from + step, count)
    work(from, to)
    progress?.update(to)
    if (performance.now() - began < TURN) continue
    await setImmediate()
    began = performance.now()
  }
  signal?.throwIfAborted()
}
