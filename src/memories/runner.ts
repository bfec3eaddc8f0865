import { unwatch, watch } from '../async/aborts.js'
import type { AsyncLimits } from '../async/async-options.js'
import { chunkSize, type Portion } from '../async/chunk-size.js'
import { inChunks } from '../async/chunks.js'
import { allBeside, allHere, onWay, type Steps } from '../async/steps.js'
import { type Kernels, stopped } from '../kernels/contract/kernels.js'
import { processors } from '../platform/node/system.js'
import { atOnce, breathe, inTurns, spent } from '../platform/turn.js'

export type { KernelCall } from '../async/steps.js'

/** A memory that does not change until it is released: changes meanwhile go to a copy. */
export interface Held<Memory> {
  readonly memory: Memory
  release(): void
}

/** The recall of many cues from any memory. A step that yields nothing gives other work a turn. */
export interface Job<Memory, Result, Chunk = undefined> {
  /** Number of cues. */
  readonly count: number
  /** Default of cues per chunk. */
  portion(memory: Memory): Portion
  /** Reads cues from…to for a kernel, if cues are read chunk by chunk; called in order. */
  read?(from: number, to: number): Generator<void, Chunk>
  /** Recalls them, in one kernel call after the other. */
  compute(memory: Memory, from: number, to: number, chunk: Chunk): Steps<void>
  /** Refuses where the caller's array for the states is no longer there. */
  checkRoom?(): void
  /** Work that is left when all chunks are done. */
  finish?(): Generator<void, void>
  result(): Result
}

/** Runs a job on this thread. Reading cues may run the caller's code, so the job asks for the memory afterwards. */
export function here<Memory, Result, Chunk>(job: Job<Memory, Result, Chunk>, memory: () => Memory): Result {
  const { count } = job
  const chunk = job.read && atOnce(job.read(0, count))
  const of = memory()
  job.checkRoom?.()
  allHere(job.compute(of, 0, count, chunk as Chunk))
  if (job.finish !== undefined) atOnce(job.finish())
  return job.result()
}

/**
 * Runs a job off the event loop, chunk by chunk, on the memory as it is at the call.
 * @param given the job, or the steps that make it.
 */
export async function beside<Memory, Result, Chunk>(
  kernels: Kernels,
  given: Job<Memory, Result, Chunk> | Steps<Job<Memory, Result, Chunk>>,
  limits: AsyncLimits,
  hold: () => Held<Memory> | Promise<Held<Memory>>,
): Promise<Result> {
  const { signal, onProgress } = limits
  const threads = kernels.parallel ? (limits.threads ?? processors()) : 1
  const { memory, release } = await held(hold, signal)
  try {
    const job = 'next' in given ? await allBeside(given, { signal, onProgress: undefined }) : given
    const chunk = limits.chunk ?? chunkSize(job.count, threads, job.portion(memory))
    await inChunks(
      job.count,
      { chunk, threads, signal, onProgress },
      {
        read: async (from, to, over) => job.read && inTurns(job.read(from, to), over),
        compute: async (cues, from, to, flag) => {
          for (const call of job.compute(memory, from, to, cues as Chunk)) {
            if (spent()) await breathe()
            if (call !== undefined && 'here' in call) await onWay(call, flag)
            // What a stopped kernel has written means nothing, so nobody may go on with it.
            if (stopped(flag)) return
          }
        },
      },
    )
    for (const _ of job.finish?.() ?? []) {
      if (spent()) await breathe()
      signal?.throwIfAborted()
    }
    return job.result()
  } finally {
    release()
  }
}

/** What a call holds of a memory, unless its signal is aborted before all is prepared: then it is given back once it is there. */
export async function held<Memory>(
  hold: () => Held<Memory> | Promise<Held<Memory>>,
  signal: AbortSignal | undefined,
): Promise<Held<Memory>> {
  signal?.throwIfAborted()
  const holding = hold()
  if (signal === undefined || !(holding instanceof Promise)) return holding
  return await new Promise((resolve, reject) => {
    const watcher = {
      aborted(): void {
        reject(signal.reason)
        holding.then(({ release }) => release()).catch(() => {})
      },
    }
    watch(signal, watcher)
    const settled = (): void => unwatch(signal, watcher)
    holding.finally(settled).then(resolve, reject)
  })
}
