import { setImmediate as turn } from 'node:timers/promises'

/** Resolves in the next turn of the event loop, after what waits for input and output. */
export function nextTurn(): Promise<void> {
  return turn()
}

/** Calls `run` in the next turn of the event loop, if something else keeps the process alive until then. */
export function noticeNextTurn(run: () => void): void {
  setImmediate(run).unref()
}

/** Calls `run` after `wait` milliseconds, or in the next turn of the event loop if `wait` is below 1. */
export function callLater(run: () => void, wait: number): { cancel(): void } {
  if (wait < 1) {
    const immediate = setImmediate(run)
    return { cancel: () => clearImmediate(immediate) }
  }
  const timeout = setTimeout(run, wait)
  return { cancel: () => clearTimeout(timeout) }
}

/** Calls `run` every `wait` milliseconds until cancelled, as long as something else keeps the process alive. */
export function callEvery(run: () => void, wait: number): { cancel(): void } {
  const interval = setInterval(run, wait).unref()
  return { cancel: () => clearInterval(interval) }
}
