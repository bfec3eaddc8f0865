import { chunkSize, type Portion } from '../async/chunk-size.js'
import { inChunks } from '../async/chunks.js'
import { type AsyncLimits, usualThreads } from '../async/options.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { atOnce, breathe, inTurns, oneAtATime, spent } from '../platform/turn.js'

/** One call of a kernel: on this thread, or beside it. Every array it reads or writes is its own until it is done. */
export interface KernelCall {
  here(): void
  beside(): Promise<void>
}

/** A memory that nobody changes until it is released: later changes go to a copy. */
export interface Held<Memory> {
  readonly memory: Memory
  release(): void
}

/** The recall of many cues, whatever the memory. Steps that yield nothing let others run. */
export interface Job<Memory, Result, Chunk = undefined> {
  /** Cues. */
  readonly count: number
  /** Cues per chunk, where the caller does not say. */
  portion(memory: Memory): Portion
  /** Cues from…to as kernels take them, where they are read chunk by chunk; in order. */
  read?(from: number, to: number): Generator<void, Chunk>
  /** What becomes of them, in one call of a kernel after the other. */
  compute(memory: Memory, from: number, to: number, chunk: Chunk): Generator<KernelCall | undefined, void>
  /** What is left to do when all chunks are done. */
  finish?(): Generator<void, void>
  result(): Result
}

/** Runs a job here and now. Code of the caller's may run as cues are read, so the memory is asked for after that. */
export function here<Memory, Result, Chunk>(job: Job<Memory, Result, Chunk>, memory: () => Memory): Result {
  const { count } = job
  const chunk = job.read && atOnce(job.read(0, count))
  for (const call of job.compute(memory(), 0, count, chunk as Chunk)) call?.here()
  if (job.finish !== undefined) atOnce(job.finish())
  return job.result()
}

/** Runs a job off the event loop, chunk by chunk, on the memory as it is in the turn of the call. */
export async function beside<Memory, Result, Chunk>(
  kernels: Kernels,
  job: Job<Memory, Result, Chunk>,
  limits: AsyncLimits,
  hold: () => Held<Memory> | Promise<Held<Memory>>,
): Promise<Result> {
  const { signal, onProgress } = limits
  signal?.throwIfAborted()
  const threads = kernels.parallel ? (limits.threads ?? usualThreads()) : 1
  const { memory, release } = await hold()
  try {
    const chunk = limits.chunk ?? chunkSize(job.count, threads, job.portion(memory))
    await inChunks(
      job.count,
      { chunk, threads, signal, onProgress },
      {
        read: async (from, to) => job.read && inTurns(job.read(from, to)),
        compute: async (cues, from, to) => {
          for (const call of job.compute(memory, from, to, cues as Chunk)) {
            if (call !== undefined) await (kernels.parallel ? call.beside() : oneAtATime(() => call.beside()))
            else if (spent()) await breathe()
          }
        },
      },
    )
    if (job.finish !== undefined) await inTurns(job.finish())
    return job.result()
  } finally {
    release()
  }
}
