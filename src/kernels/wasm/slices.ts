import { type Flag, type Kernels, OUTCOME, type RecallPlan, stopped } from '../contract/kernels.js'

/** Milliseconds that a slice should take. */
const SLICE = 3

/**
 * Recalls that pause between sweeps, for kernels that hold this thread until they return. A recall whose temperatures are all above 0 ends
 * with its last sweep and not before, so slices of its sweeps are the same recall; any other runs in one piece.
 */
export function inSlices(recall: Kernels['recallAsync']): Kernels['recallAsync'] {
  return async (memory, cues, count, plan, states, outcomes, flag?: Flag) => {
    const { maxSweeps, firstSweep, temperatures } = plan
    if (!isHot(plan)) return recall(memory, cues, count, plan, states, outcomes, flag)
    const between = new Uint32Array(cues.length)
    const flips = new Float64Array(count)
    let from = 0
    let some = 1
    while (from < maxSweeps) {
      const sweeps = Math.min(some, maxSweeps - from)
      const last = from + sweeps === maxSweeps
      const slice = {
        ...plan,
        maxSweeps: sweeps,
        firstSweep: firstSweep + from,
        temperatures: temperatures?.subarray(Math.min(from, temperatures.length - 1)),
      }
      const since = performance.now()
      await recall(memory, from === 0 ? cues : between, count, slice, last ? states : between, outcomes, flag)
      if (stopped(flag)) return
      const took = performance.now() - since
      for (let b = 0; b < count; b++) flips[b] += outcomes[b * OUTCOME.length + OUTCOME.flips]
      from += sweeps
      // With the turn that it waited for: where others have much to do, slices are short.
      some = took < SLICE / 2 ? 2 * some : Math.max(1, took > SLICE ? some >>> 1 : some)
    }
    for (let b = 0; b < count; b++) {
      outcomes[b * OUTCOME.length + OUTCOME.sweeps] = maxSweeps
      outcomes[b * OUTCOME.length + OUTCOME.flips] = flips[b]
    }
  }
}

function isHot({ maxSweeps, temperatures }: RecallPlan): boolean {
  return maxSweeps > 1 && temperatures !== undefined && temperatures.every((degrees) => degrees > 0)
}
