/** The first error of a call, which it rejects with: what fails later changes nothing. */
export class FirstFailure {
  #failure: { error: unknown } | undefined
  #finished = false
  /** Ends the waiting for work that goes on. */
  #giveUp: (() => void) | undefined

  /** Whether nobody wants the result any more. */
  get known(): boolean {
    return this.#failure !== undefined
  }

  /** Returns whether the call fails, with this error or an earlier one. */
  note(error: unknown): boolean {
    if (this.#finished) return false
    this.#failure ??= { error }
    this.#giveUp?.()
    return true
  }

  /** What cannot be taken back is done: from here on the call cannot fail, if it has not. */
  finish(): void {
    this.#finished = this.#failure === undefined
  }

  throwIfKnown(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  /** Waits for work that nothing here stops; no longer than until the call fails. */
  async unlessKnown(work: Promise<unknown>): Promise<void> {
    const stop = new Promise<void>((resolve) => {
      this.#giveUp = resolve
    })
    // Nobody may be there any more when it fails.
    work.catch(() => {})
    if (!this.known) await Promise.race([work, stop])
  }
}
