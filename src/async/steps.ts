import type { Beside, Kernels } from '../kernels/contract/kernels.js'
import { breathe, oneAtATime, spent } from '../platform/turn.js'
import { unwatch, watch } from './aborts.js'
import type { AsyncLimits } from './async-options.js'
import type { Progress } from './chunks.js'

/** One call of a kernel, on this thread or on another. Until it ends, its arrays belong to it alone. */
export interface KernelCall {
  here(): void
  beside(): Promise<void>
  /** Whether it takes less time than a trip to another thread. */
  readonly light?: boolean
}

/** How far the work is, of everything there is to do. */
export class Mark {
  readonly progress: Progress

  constructor(done: number, total: number) {
    this.progress = { done, total }
  }
}

/**
 * Work that may run here in one piece, or in many turns of the event loop: kernel calls, marks of progress, and steps that yield
 * nothing, which only give other work a turn. Work that is abandoned between two steps must have changed nothing that others see.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: steps of Generator<void> are among them.
export type Steps<T> = Generator<KernelCall | Mark | undefined | void, T>

/** Work below this many operations is light. A trip to another thread takes some tens of microseconds. */
const LIGHT = { native: 2 ** 17, typescript: 2 ** 14 }

export function isLight(kernels: Kernels, operations: number): boolean {
  return operations < (kernels.parallel ? LIGHT.native : LIGHT.typescript)
}

/** Operations of one step: some tens of milliseconds, or a few where kernels are slow. */
const PORTION = { native: 2 ** 25, typescript: 2 ** 20 }

/** How many items of so many operations each make one step; at least 1. */
export function portionOf(kernels: Kernels, each: number): number {
  const most = kernels.parallel ? PORTION.native : PORTION.typescript
  return Math.max(1, Math.floor(most / Math.max(each, 1)))
}

/** Items from…to for one step each: all of them where no one else waits. */
export function* inPortions(
  kernels: Kernels,
  count: number,
  each: number,
  aside: boolean,
): Generator<[from: number, to: number], void> {
  const some = aside ? portionOf(kernels, each) : count
  for (let from = 0; from < count; from += some) yield [from, Math.min(from + some, count)]
}

/**
 * Calls a kernel in one step.
 * @param operations about how many it takes, to tell whether it is worth another thread.
 */
export function* call<Name extends keyof Beside>(
  kernels: Kernels,
  operations: number,
  name: Name,
  ...given: Parameters<Beside[Name]>
): Steps<Awaited<ReturnType<Beside[Name]>>> {
  type Answer = Awaited<ReturnType<Beside[Name]>>
  let answer: unknown
  yield {
    here() {
      answer = (kernels[name] as Kernel)(...given)
    },
    async beside() {
      answer = await (kernels.beside[name] as Kernel)(...given)
    },
    light: isLight(kernels, operations),
  }
  return answer as Answer
}

type Kernel = (...given: unknown[]) => unknown

/** Work that is done in one piece. */
// biome-ignore lint/correctness/useYield: one piece has no steps.
export function* oneStep<T>(run: () => T): Steps<T> {
  return run()
}

/** Does a call where it keeps this thread free; where it cannot, in a turn of its own. */
export async function onWay(kernels: Kernels, call: KernelCall): Promise<void> {
  if (call.light) call.here()
  else await (kernels.parallel ? call.beside() : oneAtATime(() => call.beside()))
}

/** Does work here and now. */
export function allHere<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    if (value === undefined || value instanceof Mark) continue
    try {
      value.here()
    } catch (error) {
      steps.return(undefined as never)
      throw error
    }
  }
}

/** Milliseconds between two calls of onProgress. */
const OFTEN = 20

/**
 * Does work beside other work. It rejects with the first error, with the error of `onProgress`, or with the signal's reason, once
 * nothing of it runs any more; and then the work is abandoned where it was.
 */
export async function allBeside<T>(
  kernels: Kernels,
  steps: Steps<T>,
  { signal, onProgress }: Pick<AsyncLimits, 'signal' | 'onProgress'>,
): Promise<T> {
  signal?.throwIfAborted()
  let failure: { error: unknown } | undefined
  let told = Number.NEGATIVE_INFINITY
  const fail = (error: unknown): void => {
    failure ??= { error }
  }
  const watcher = { aborted: () => fail(signal?.reason) }
  if (signal !== undefined) watch(signal, watcher)
  try {
    for (;;) {
      if (spent()) await breathe()
      if (failure !== undefined) throw failure.error
      const { done, value } = steps.next()
      if (done) return value
      if (value === undefined) continue
      if (value instanceof Mark) {
        const { done: at, total } = value.progress
        const now = performance.now()
        if (onProgress === undefined || (at < total && now - told < OFTEN)) continue
        told = now
        const answer: unknown = onProgress(value.progress)
        // An asynchronous onProgress may reject.
        if (answer instanceof Promise) answer.catch(fail)
      } else await onWay(kernels, value)
    }
  } catch (error) {
    steps.return(undefined as never)
    throw error
  } finally {
    if (signal !== undefined) unwatch(signal, watcher)
  }
}
