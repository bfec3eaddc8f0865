import type { Beside, Flag, Kernels } from '../kernels/contract/kernels.js'
import { breathe, spent } from '../platform/turn.js'
import type { Progress } from './progress.js'
import { type Onlookers, stoppable } from './tally.js'

/** One call of a kernel, on this thread or on another. Until it ends, its arrays belong to it alone, but for the flag. */
export interface KernelCall {
  here(): void
  beside(flag: Flag): Promise<void>
  /** Whether it takes less time than a trip to another thread. */
  readonly light?: boolean
  /** Items that the kernel counts on its way, if it does: so many more are done when it has ended. */
  readonly counts?: number
}

/** Calls that do not need each other, which several threads may make at once: one call to whoever makes it. */
export class Together implements KernelCall {
  readonly #calls: readonly KernelCall[]
  readonly light: boolean

  constructor(calls: readonly KernelCall[]) {
    this.#calls = calls
    this.light = calls.every(({ light }) => light)
  }

  here(): void {
    for (const call of this.#calls) call.here()
  }

  async beside(flag: Flag): Promise<void> {
    // The arrays of those that still run are theirs.
    const ends = await Promise.allSettled(this.#calls.map((call) => call.beside(flag)))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
}

/** Work whose result several callers wait for: an abort of one of them ends its waiting, and not the work. */
export class Shared {
  readonly work: Promise<unknown>

  constructor(work: Promise<unknown>) {
    this.work = work
    // Nobody may be there any more when it fails.
    work.catch(() => {})
  }
}

/** How far the work is, of everything there is to do. */
export class Mark {
  readonly progress: Progress

  constructor(done: number, total: number) {
    this.progress = { done, total }
  }
}

/**
 * Work that may run here in one piece, or in many turns of the event loop: kernel calls, marks of progress, shared work, and steps that
 * yield nothing, which only give other work a turn. Work that is abandoned between two steps must have changed nothing that others see.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: steps of Generator<void> are among them.
export type Steps<T> = Generator<KernelCall | Mark | Shared | undefined | void, T>

/** Work below this many operations is light. A trip to another thread takes some tens of microseconds. */
const LIGHT = { native: 2 ** 17, wasm: 2 ** 17, typescript: 2 ** 14 }

export function isLight(kernels: Kernels, operations: number): boolean {
  return operations < LIGHT[paceOf(kernels)]
}

function paceOf({ parallel, tier }: Kernels): keyof typeof LIGHT {
  if (parallel) return 'native'
  return tier === 'typescript' ? 'typescript' : 'wasm'
}

/** Operations of one step: some tens of milliseconds, or a few where kernels are slow, or may have to be run on this thread. */
const PORTION = { native: 2 ** 25, wasm: 2 ** 23, typescript: 2 ** 20 }

/** How many items of so many operations each make one step; at least 1. */
export function portionOf(kernels: Kernels, each: number): number {
  const most = PORTION[paceOf(kernels)]
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
export function call<Name extends keyof Beside>(
  kernels: Kernels,
  operations: number,
  name: Name,
  ...given: Parameters<Beside[Name]>
): Steps<Awaited<ReturnType<Beside[Name]>>> {
  return counting(kernels, operations, 0, name, ...given)
}

/** The same for a kernel that counts `counts` items on its way. */
export function* counting<Name extends keyof Beside>(
  kernels: Kernels,
  operations: number,
  counts: number,
  name: Name,
  ...given: Parameters<Beside[Name]>
): Steps<Awaited<ReturnType<Beside[Name]>>> {
  type Answer = Awaited<ReturnType<Beside[Name]>>
  let answer: unknown
  yield {
    here() {
      answer = (kernels[name] as Kernel)(...given)
    },
    async beside(flag) {
      answer = await (kernels.beside[name] as Kernel)(...given, flag)
    },
    light: isLight(kernels, operations),
    counts,
  }
  return answer as Answer
}

/** Calls a kernel for items from…to, in steps of as many calls as threads may make at once. */
export function* inParts<Name extends keyof Beside>(
  kernels: Kernels,
  { count, each, threads }: { count: number; each: number; threads: number },
  name: Name,
  given: (from: number, to: number) => Parameters<Beside[Name]>,
  told: (done: number) => Mark | undefined,
): Steps<void> {
  const some = Math.min(portionOf(kernels, each), Math.ceil(count / threads))
  for (let from = 0; from < count; from += threads * some) {
    const starts = Array.from({ length: threads }, (_, k) => from + k * some).filter((at) => at < count)
    const calls = starts.map((at): KernelCall => {
      const to = Math.min(at + some, count)
      const args = given(at, to)
      return {
        here() {
          ;(kernels[name] as Kernel)(...args)
        },
        async beside(flag) {
          await (kernels.beside[name] as Kernel)(...args, flag)
        },
        light: isLight(kernels, (to - at) * each),
      }
    })
    yield new Together(calls)
    const mark = told(Math.min(from + threads * some, count))
    if (mark !== undefined) yield mark
  }
}

/**
 * Works that do not need each other, so many at the same time: their kernel calls are made together. The next one begins where one ends, in
 * their order. One thread does one after the other.
 */
export function* abreast(works: Iterable<Steps<void>>, threads: number): Steps<void> {
  const waiting = works[Symbol.iterator]()
  const lanes: Steps<void>[] = []
  try {
    for (;;) {
      while (lanes.length < threads) {
        const { done, value } = waiting.next()
        if (done) break
        lanes.push(value)
      }
      if (lanes.length === 0) return
      const calls: KernelCall[] = []
      for (const lane of lanes.slice()) {
        const call = yield* nextCall(lane)
        if (call === undefined) lanes.splice(lanes.indexOf(lane), 1)
        else calls.push(call)
      }
      if (calls.length > 0) yield calls.length === 1 ? calls[0] : new Together(calls)
    }
  } finally {
    for (const lane of lanes) lane.return()
  }
}

/** The next call of a work; undefined where it has ended. */
function* nextCall(work: Steps<void>): Steps<KernelCall | undefined> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return undefined
    if (value === undefined || value instanceof Mark || value instanceof Shared) yield value
    else return value
  }
}

type Kernel = (...given: unknown[]) => unknown

/** Work that is done in one piece. */
// biome-ignore lint/correctness/useYield: one piece has no steps.
export function* oneStep<T>(run: () => T): Steps<T> {
  return run()
}

/** What is made of what steps read. */
export function* made<Data, T>(reading: Steps<Data>, make: (data: Data) => T): Steps<T> {
  return make(yield* reading)
}

/** Further steps, with what the first ones read. */
export function* followed<Data, T>(reading: Steps<Data>, go: (data: Data) => Steps<T>): Steps<T> {
  return yield* go(yield* reading)
}

/** Does a call where it keeps this thread free. */
export async function onWay(call: KernelCall, flag: Flag): Promise<void> {
  if (call.light) call.here()
  else await call.beside(flag)
}

/** Work that nobody stops or watches: several may wait for it. */
export const NOBODY: Onlookers = { signal: undefined, onProgress: undefined }

/** Does work here and now. */
export function allHere<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    if (value === undefined || value instanceof Mark) continue
    if (value instanceof Shared) throw new Error('nobody can wait here')
    try {
      value.here()
    } catch (error) {
      steps.return(undefined as never)
      throw error
    }
  }
}

/**
 * Does work beside other work. It rejects with the first error, with the error of `onProgress`, or with the signal's reason, once
 * nothing of it runs any more; and then the work is abandoned where it was.
 */
export async function allBeside<T>(steps: Steps<T>, limits: Onlookers): Promise<T> {
  limits.signal?.throwIfAborted()
  let first = spent() ? undefined : steps.next()
  // Nobody can stop or watch what has ended.
  if (first?.done) return first.value
  let result: { value: T } | undefined
  try {
    await stoppable(undefined, limits, async (tally) => {
      for (;;) {
        if (spent()) await breathe()
        if (tally.stopped) return
        const { done, value } = first ?? steps.next()
        first = undefined
        if (done) {
          result = { value }
          return tally.finish()
        }
        if (value === undefined) continue
        if (value instanceof Mark) {
          tally.reach(value.progress)
          continue
        }
        if (value instanceof Shared) {
          await tally.unlessStopped(value.work)
          continue
        }
        const flag = tally.begin(value.counts ?? 0)
        await onWay(value, flag)
        tally.end(flag, 0)
      }
    })
    return (result as unknown as { value: T }).value
  } catch (error) {
    steps.return(undefined as never)
    throw error
  }
}
