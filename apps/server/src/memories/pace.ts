import { availableParallelism } from 'node:os'

/**
 * Most milliseconds that a batch may hold the event loop. Where this process has one processor, another thread would hold it up all the
 * same, and longer.
 */
const BRIEF = availableParallelism() === 1 ? 2 : 0.4
/** Numbers that are compared in a row of which it is tried how long it takes. */
const SMALL = 2 ** 20
/** Sweeps of such a row. */
const FEW_SWEEPS = 200
/** Rows of a first try. */
const FEW_ROWS = 64
/** How a time that is expected follows those that were seen: by a share of what it is too long, and a share of itself where it is too short. */
const DOWN = 0.2
const UP = 1.05
const FORGETTING = 0.98

/**
 * Whether a kind of question is answered on this thread. The way to another one and back costs some tens of microseconds of processor time,
 * which is more than a recall of a small memory takes.
 */
export class Pace {
  readonly #may: boolean
  readonly #brief: number
  /** Milliseconds of a batch of up to 2^k rows and more than half of that, undefined before there was one. Small batches take more a row. */
  readonly #times: (number | undefined)[] = []

  /** @param brief most milliseconds of a batch that is answered here. */
  constructor(
    numbers: number,
    options: { maxSweeps?: number; maxSteps?: number; temperature?: unknown } = {},
    brief = BRIEF,
  ) {
    const { maxSweeps = 100, maxSteps = 1, temperature } = options
    this.#may =
      numbers <= SMALL && maxSweeps <= FEW_SWEEPS && maxSteps <= FEW_SWEEPS && temperature === undefined
    this.#brief = brief
  }

  /** Whether a batch of so many rows is answered here. */
  here(rows: number): boolean {
    return this.#may && this.#expected(rows) <= this.#brief
  }

  /** A batch went to another thread. Another try comes after a while: the last ones may have been slow for other reasons. */
  away(rows: number): void {
    const times = this.#times
    for (let k = 0; k <= classOf(rows); k++) {
      const time = times[k]
      if (time !== undefined) times[k] = time * FORGETTING
    }
  }

  /** How long a batch took that was answered here. Other programs make some take longer, so those that take longer count less. */
  note(rows: number, milliseconds: number): void {
    const k = classOf(rows)
    const known = this.#times[k] ?? milliseconds
    this.#times[k] =
      milliseconds < known ? known + DOWN * (milliseconds - known) : Math.min(milliseconds, UP * known)
  }

  /** At most as long as a larger batch, or as several smaller ones. */
  #expected(rows: number): number {
    const times = this.#times
    const own = classOf(rows)
    for (let k = own; k < times.length; k++) {
      const time = times[k]
      if (time !== undefined) return time
    }
    for (let k = Math.min(own, times.length) - 1; k >= 0; k--) {
      const time = times[k]
      if (time !== undefined) return time * Math.ceil(rows / 2 ** k)
    }
    return rows <= FEW_ROWS ? 0 : Number.POSITIVE_INFINITY
  }
}

/** The least k with 2^k of at least so many rows. */
function classOf(rows: number): number {
  return 32 - Math.clz32(rows - 1)
}
