import { type Progress, progress } from './progress.js'
import { interruptible } from './signals.js'

/** What long work is given: who is told how far it is, and who may end it. */
export interface Watching {
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** Runs the work with a progress bar; Ctrl-C aborts it. */
export function watched<T>(run: (watching: Watching) => Promise<T>): Promise<T> {
  return interruptible(async (signal) => {
    const bar = progress()
    signal.addEventListener('abort', bar.stop)
    try {
      return await run({ signal, progress: bar })
    } finally {
      bar.stop()
    }
  })
}
