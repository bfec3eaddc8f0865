// Turns of the event loop by messages: a timer waits 4 milliseconds after a few turns, and a second in a tab that nobody sees.

/** A port as browsers have it; the types of Node know no `onmessage`. */
interface Port {
  onmessage: () => void
  postMessage(message: undefined): void
  close(): void
}

/** Calls `run` in the next turn. */
export function noticeNextTurn(run: () => void): void {
  if (typeof MessageChannel === 'undefined') {
    setTimeout(run)
    return
  }
  // A channel each time, which is closed again: one that stays open keeps workers of some engines alive.
  const { port1, port2 } = new MessageChannel() as unknown as { port1: Port; port2: Port }
  port1.onmessage = () => {
    port1.close()
    run()
  }
  port2.postMessage(undefined)
}

/** Resolves in the next turn of the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise(noticeNextTurn)
}

/** Calls `run` after `wait` milliseconds, or in the next turn of the event loop if `wait` is below 1. */
export function callLater(run: () => void, wait: number): { cancel(): void } {
  if (wait < 1) {
    let cancelled = false
    noticeNextTurn(() => {
      if (!cancelled) run()
    })
    return {
      cancel: () => {
        cancelled = true
      },
    }
  }
  const timeout = setTimeout(run, wait)
  return { cancel: () => clearTimeout(timeout) }
}

/** Calls `run` every `wait` milliseconds until cancelled. */
export function callEvery(run: () => void, wait: number): { cancel(): void } {
  const interval = setInterval(run, wait)
  return { cancel: () => clearInterval(interval) }
}
