import { nextTurn, noticeNextTurn } from '../platform/node.js'

/** Milliseconds of one turn of the event loop that work in small steps takes before it lets others run. */
const BUDGET = 2

/** When such work began in this turn, whoever it was for; undefined before. */
let since: number | undefined

function turned(): void {
  since = undefined
}

/** Whether this turn has had its share of work: one clock for all calls, so that many at once take no more than one. */
function spent(): boolean {
  const now = performance.now()
  if (since === undefined) {
    since = now
    // Only to notice the next turn: it must not keep the process alive.
    noticeNextTurn(turned)
  }
  return now - since >= BUDGET
}

/** Goes on at once if this turn of the event loop has time left, in a later one otherwise. */
export async function breathe(): Promise<void> {
  while (spent()) await nextTurn()
}

/** Runs small steps to their end, in as many turns of the event loop as they need. */
export async function inTurns(steps: Generator<void, void>): Promise<void> {
  if (spent()) await breathe()
  for (const _ of steps) if (spent()) await breathe()
}

/** Runs small steps to their end here and now. */
export function atOnce(steps: Generator<void, void>): void {
  for (const _ of steps);
}
