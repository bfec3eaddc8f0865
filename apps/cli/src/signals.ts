import { colorsFor } from './colors.js'
import { AlreadyTold, reasonOf } from './errors.js'

/** A signal ended the work, and the message about it has been printed. */
export class Interrupted extends AlreadyTold {
  constructor(exitCode: number) {
    super('interrupted', exitCode)
  }
}

/** Aborts the work that is running, if any. */
let work: AbortController | undefined

/**
 * Ctrl-C and similar signals abort interruptible work; without such work they end the program between turns of the event loop, so never
 * in the middle of writing a file (files.ts). The exit code is the one a shell expects: 128 plus the signal's number. A second signal
 * has no handler here and ends the program at once.
 */
export function endOnSignals(): void {
  for (const [signal, number, word] of [
    ['SIGHUP', 1, undefined],
    ['SIGINT', 2, 'interrupted'],
    ['SIGTERM', 15, 'terminated'],
  ] as const) {
    process.once(signal, () => {
      // First, because this removes the progress bar.
      work?.abort(new Interrupted(128 + number))
      // After a SIGHUP there is no terminal to write to.
      if (word !== undefined) say(word)
      if (work === undefined) process.exit(128 + number)
    })
  }
}

/** Runs work that a signal aborts; it then rejects with Interrupted. */
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
  // The terminal has written ^C on this line.
  if (stderr.isTTY) {
    stderr.cursorTo(0)
    stderr.clearLine(0)
  }
  stderr.write(`${colorsFor(stderr).red('hopfield:')} ${word}\n`)
}

/** `hopfield … | head` closes the pipe early: no error. A full disk behind the output is an error. */
export function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
      process.stderr.write(`hopfield: cannot write the output: ${reasonOf(error)}\n`)
      process.exit(1)
    })
  }
}
