/** Milliseconds between two drawings of what nobody can read faster: numbers and plots. */
const PAUSE = 80

/**
 * Runs the latest of many calls, at most once in 80 ms, with a refresh of the screen. The last one always runs, unless `stop` is called.
 */
export function calmly(): { run(what: () => void): void; stop(): void } {
  let latest: (() => void) | undefined
  let before = Number.NEGATIVE_INFINITY
  let waiting: number | undefined
  const turn = (now: number) => {
    waiting = undefined
    if (latest === undefined) return
    if (now - before < PAUSE) {
      waiting = requestAnimationFrame(turn)
      return
    }
    before = now
    const what = latest
    latest = undefined
    what()
  }
  return {
    run(what) {
      latest = what
      waiting ??= requestAnimationFrame(turn)
    },
    stop() {
      latest = undefined
      if (waiting !== undefined) cancelAnimationFrame(waiting)
      waiting = undefined
    },
  }
}
