import { allBeside, NOBODY, type Steps } from '../async/steps.js'
import type { CodeMemory, Kernels, Memory, PairMemory } from '../kernels/contract/kernels.js'

/** Looks a memory through beside other work, so that its next use need not. */
export function* lookedThrough(kernels: Kernels, memory: Memory | PairMemory | CodeMemory): Steps<void> {
  yield { here: () => {}, beside: () => kernels.ready(memory) }
}

/** A memory that is held, once it and what it was opened from are looked through; if they are not as they should be, it is released. */
export async function lookedThroughFirst<Read extends Memory | PairMemory | CodeMemory>(
  kernels: Kernels,
  settling: Steps<void>,
  memory: Read,
  release: () => void,
): Promise<{ readonly memory: Read; release(): void }> {
  function* all(): Steps<void> {
    yield* settling
    yield* lookedThrough(kernels, memory)
  }
  try {
    await allBeside(all(), NOBODY)
    return { memory, release }
  } catch (error) {
    release()
    throw error
  }
}
