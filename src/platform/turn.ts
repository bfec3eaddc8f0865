import { nextTurn, noticeNextTurn } from './node/event-loop.js'

/** Milliseconds of one turn of the event loop that work in small steps takes before it lets others run. */
const BUDGET = 2

/** When the first such work of this turn began; undefined before. */
let since: number | undefined

function turned(): void {
  since = undefined
}

/** Whether this turn has had its share of work: one clock for all calls, so that many at once take no more than one. */
export function spent(): boolean {
  const now = performance.now()
  if (since === undefined) {
    since = now
    // Only to notice the next turn: it must not keep the process alive.
    noticeNextTurn(turned)
  }
  return now - since >= BUDGET
}

/** Who waits for a turn with time left. Whoever has just had its time comes last, so that a long call keeps no short one waiting. */
const waiting: (() => void)[] = []
let serving = false

async function serve(): Promise<void> {
  serving = true
  while (waiting.length > 0) {
    await nextTurn()
    if (!spent()) waiting.shift()?.()
  }
  serving = false
}

/** Goes on at once if this turn of the event loop has time left, in a later one otherwise. */
export function breathe(): Promise<void> {
  if (waiting.length === 0 && !spent()) return Promise.resolve()
  return new Promise((resolve) => {
    waiting.push(resolve)
    if (!serving) void serve()
  })
}

/**
 * Runs small steps to their end in later turns of the event loop, as many as they need, unless they are `over` before: then what comes
 * of them is undefined.
 */
export async function later<T>(steps: Generator<void, T>, over: () => boolean): Promise<T | undefined> {
  await nextTurn()
  while (!over()) {
    const { done, value } = steps.next()
    if (done) return value
    if (spent()) await breathe()
  }
  return undefined
}

/** Runs small steps to their end, in as many turns of the event loop as they need. */
export async function inTurns<T>(steps: Generator<void, T>): Promise<T>
/** The same, unless they are `over` before: then what comes of them is undefined. */
export async function inTurns<T>(steps: Generator<void, T>, over: () => boolean): Promise<T | undefined>
export async function inTurns<T>(
  steps: Generator<void, T>,
  over: () => boolean = () => false,
): Promise<T | undefined> {
  for (;;) {
    if (spent()) await breathe()
    if (over()) return undefined
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Runs all small steps on this thread, without a pause. */
export function atOnce<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}
