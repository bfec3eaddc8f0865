import { type ModernHopfield, PackedPatterns } from 'hopfield-native'
import type { PatternSet } from './patterns.js'
import { inPortions, type Recalled, type RecallingOptions, withNoise } from './recalling.js'
import { nearestTo, type Outcome } from './verdict.js'

/** Products computed in one portion: tens of milliseconds on the slowest backend. */
const PRODUCTS_AT_ONCE = 2 ** 25

/**
 * Recalls every cue from a modern Hopfield network off the event loop, until the state rests or after `maxSweeps` steps.
 * The recalled states are the signs of the result.
 *
 * If the signal aborts, it rejects with the signal's reason as soon as no work is running.
 */
export async function retrieveAll(
  memory: ModernHopfield,
  stored: PatternSet,
  cues: PatternSet,
  { recall, noise, threads, signal, progress }: RecallingOptions,
): Promise<Recalled> {
  const { neurons } = cues
  const count = cues.names.length
  const bytes =
    noise === 0
      ? cues.states
      : (await withNoise(cues, { noise, seed: recall.seed }, signal, progress)).unpack()
  progress?.stage('retrieving', count)
  const { states, steps, converged, energies } = await memory.retrieveAsync(Float32Array.from(bytes), {
    tolerance: 1e-6,
    maxSteps: recall.maxSweeps ?? 100,
    ...(threads === undefined ? {} : { threads }),
    ...(signal === undefined ? {} : { signal }),
    onProgress: ({ done }) => progress?.update(done),
  })
  const signs = Int8Array.from(states, (x) => (x >= 0 ? 1 : -1))
  const outcomes: Outcome[] = []
  progress?.stage('comparing', count)
  const patterns = PackedPatterns.from(stored.states, { neurons })
  await inPortions(count, PRODUCTS_AT_ONCE / stored.states.length, signal, progress, (from, to) => {
    const own = signs.subarray(from * neurons, to * neurons)
    const { indices, overlaps } = patterns.nearest(own)
    for (let b = from; b < to; b++) {
      let flips = 0
      for (let i = 0; i < neurons; i++) if (signs[b * neurons + i] !== bytes[b * neurons + i]) flips++
      const overlap = overlaps[b - from] / neurons
      outcomes.push({
        ...nearestTo([overlap]),
        nearest: indices[b - from],
        cycle: converged[b] === 1 ? 1 : 0,
        sweeps: steps[b],
        flips,
        energy: energies[b],
      })
    }
  })
  return { states: PackedPatterns.from(signs, { neurons }), outcomes }
}
