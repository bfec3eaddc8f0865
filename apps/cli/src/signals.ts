import { colorsFor } from './colors.js'
import { reasonOf } from './errors.js'

/** The work was given up on a signal, which has been said already. */
export class Interrupted extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super('interrupted')
    this.exitCode = exitCode
  }
}

/** What is to be aborted, as long as something is. */
let work: AbortController | undefined

/**
 * Ctrl-C and its like abort what is interruptible, or end the program between turns of the event loop, never in the
 * middle of a file (files.ts), with the exit code a shell expects: 128 plus the signal's number. The second time they
 * are the system's, and end it at once.
 */
export function endOnSignals(): void {
  for (const [signal, number, word] of [
    ['SIGHUP', 1, undefined],
    ['SIGINT', 2, 'interrupted'],
    ['SIGTERM', 15, 'terminated'],
  ] as const) {
    process.once(signal, () => {
      // First, because it takes the progress bar away.
      work?.abort(new Interrupted(128 + number))
      // After a SIGHUP nobody is there to read.
      if (word !== undefined) say(word)
      if (work === undefined) process.exit(128 + number)
    })
  }
}

/** Work that a signal ends sooner than it would end by itself; it rejects with Interrupted then. */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  work = controller
  try {
    const result = await run(controller.signal)
    controller.signal.throwIfAborted()
    return result
  } finally {
    work = undefined
  }
}

function say(word: string): void {
  const { stderr } = process
  // The terminal has put ^C on the line.
  if (stderr.isTTY) {
    stderr.cursorTo(0)
    stderr.clearLine(0)
  }
  stderr.write(`${colorsFor(stderr).red('hopfield:')} ${word}\n`)
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
