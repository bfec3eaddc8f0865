import { setImmediate } from 'node:timers/promises'
import { addNoise, type HopfieldNetwork, type RecallOptions } from 'hopfield-native'
import type { PatternSet } from './patterns.js'
import { nearestTo, type Outcome } from './verdict.js'

/** Milliseconds between two looks at the event loop, where Ctrl-C waits. */
const TURN = 60

export interface RecallingOptions {
  readonly recall: RecallOptions & { seed: bigint }
  /** Share of each cue's neurons to flip before it is recalled. */
  readonly noise: number
  onProgress(done: number): void
}

export interface Recalled {
  /** B × N values ±1. */
  readonly states: Int8Array
  /** One a cue. */
  readonly outcomes: Outcome[]
}

/**
 * Recalls every cue, a chunk a turn of the event loop. Cue b has stream b for its noise and for its recall, so that
 * neither depends on where chunks end.
 */
export async function recallAll(
  network: HopfieldNetwork,
  cues: PatternSet,
  { recall, noise, onProgress }: RecallingOptions,
): Promise<Recalled> {
  const { neurons, states: given } = cues
  const count = given.length / neurons
  const states = new Int8Array(given.length)
  const outcomes: Outcome[] = []
  let chunk = 1
  for (let from = 0; from < count; ) {
    const began = performance.now()
    const to = Math.min(count, from + chunk)
    const noisy = new Int8Array((to - from) * neurons)
    for (let b = from; b < to; b++) {
      const cue = given.subarray(b * neurons, (b + 1) * neurons)
      noisy.set(addNoise(cue, { fraction: noise, seed: recall.seed, stream: b }), (b - from) * neurons)
    }
    const batch = network.recallBatch(noisy, { ...recall, stream: from })
    states.set(batch.states, from * neurons)
    for (let k = 0; k < to - from; k++) {
      outcomes.push({
        ...nearestTo(network.overlaps(batch.states.subarray(k * neurons, (k + 1) * neurons))),
        cycle: batch.cycles[k] as Outcome['cycle'],
        sweeps: batch.sweeps[k],
        flips: batch.flips[k],
        energy: batch.energies[k],
      })
    }
    from = to
    onProgress(from)
    const took = performance.now() - began
    chunk = Math.max(1, Math.floor(chunk * Math.min(4, TURN / Math.max(took, 1))))
    await setImmediate()
  }
  return { states, outcomes }
}
