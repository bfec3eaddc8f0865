import type { HopfieldNetwork, RecallOptions } from 'hopfield-native'

const BATCH = 1024
const MILLISECONDS = 200

export interface Speed {
  /** Recalls per second, one call each. */
  readonly single: number
  /** Recalls per second in batches of 1,024. */
  readonly batched: number
}

/** Measures the recall of one cue, on this thread. */
export function measureSpeed(network: HopfieldNetwork, cue: Int8Array, options: RecallOptions): Speed {
  const cues = new Int8Array(BATCH * cue.length)
  for (let b = 0; b < BATCH; b++) cues.set(cue, b * cue.length)
  return {
    single: rate(1, () => network.recall(cue, options)),
    batched: rate(BATCH, () => network.recallBatch(cues, options)),
  }
}

/** The first half is warm-up for the JIT compiler. */
function rate(recalls: number, work: () => void): number {
  repeat(work, MILLISECONDS / 2)
  const { runs, took } = repeat(work, MILLISECONDS)
  return (1000 * recalls * runs) / took
}

function repeat(work: () => void, milliseconds: number): { runs: number; took: number } {
  const began = performance.now()
  let runs = 0
  let took = 0
  while (took < milliseconds) {
    work()
    runs++
    took = performance.now() - began
  }
  return { runs, took }
}
