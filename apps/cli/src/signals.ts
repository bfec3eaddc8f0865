import { reasonOf } from './errors.js'

/**
 * Ctrl-C and its like end the program between turns of the event loop, never in the middle of a file (files.ts), with
 * the exit code a shell expects: 128 plus the signal's number.
 */
export function endOnSignals(): void {
  for (const [signal, number] of [
    ['SIGHUP', 1],
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    process.once(signal, () => {
      // Off the line of the progress bar.
      if (process.stderr.isTTY) process.stderr.write('\n')
      process.exit(128 + number)
    })
  }
}

/** `hopfield … | head` closes the pipe early; that is no error. A full disk behind the output is one. */
export function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
      process.stderr.write(`hopfield: cannot write the output: ${reasonOf(error)}\n`)
      process.exit(1)
    })
  }
}
