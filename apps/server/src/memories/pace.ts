/** Most milliseconds that a batch may hold the event loop. */
const BRIEF = 0.4
/** Numbers that are compared in a row of which it is tried how long it takes. */
const SMALL = 2 ** 20
/** Sweeps of such a row. */
const FEW_SWEEPS = 200
/** How much the last batch counts. */
const WEIGHT = 0.1
const LONGER = 4
const FORGETTING = 0.98

/**
 * Whether a kind of question is answered on this thread. The way to another one and back costs some tens of microseconds of processor time,
 * which is more than a recall of a small memory takes.
 */
export class Pace {
  /** Milliseconds of a row, once one was answered here. */
  #each: number | undefined
  readonly #may: boolean

  constructor(
    numbers: number,
    options: { maxSweeps?: number; maxSteps?: number; temperature?: unknown } = {},
  ) {
    const { maxSweeps = 100, maxSteps = 1, temperature } = options
    this.#may =
      numbers <= SMALL && maxSweeps <= FEW_SWEEPS && maxSteps <= FEW_SWEEPS && temperature === undefined
  }

  /** Whether a batch of so many rows is answered here. */
  here(rows: number): boolean {
    if (!this.#may) return false
    return this.#each === undefined ? rows <= 64 : this.#each * rows <= BRIEF
  }

  /** A batch went to another thread. Another try comes after a while: the last ones may have been slow for other reasons. */
  away(): void {
    if (this.#each !== undefined) this.#each *= FORGETTING
  }

  /** How long a batch took that was answered here. One that another program held up counts as one that took a few times as long. */
  note(rows: number, milliseconds: number): void {
    const each = milliseconds / rows
    const known = this.#each ?? each
    this.#each = known + WEIGHT * (Math.min(each, LONGER * known) - known)
  }
}
