// Threads beside this one that run a program which is there as text.
import { Worker } from 'node:worker_threads'

/** A thread. Messages arrive in the order in which they were sent. */
export interface Thread {
  /** @param transfer buffers of the message that are the thread's own from now on. */
  post(message: unknown, transfer: readonly ArrayBuffer[]): void
  /** Says whether somebody waits for it: then the process lives on for it. */
  await(somebody: boolean): void
  end(): void
}

/** What the program finds: `port.listen(heard)` and `port.post(message, transfer)`. */
const PORT = `const { parentPort } = require('node:worker_threads')
const port = {
  listen: (heard) => parentPort.on('message', heard),
  post: (message, transfer) => parentPort.postMessage(message, transfer),
};
`

/**
 * Starts a thread; undefined where there can be none.
 * @param failed called once, with the reason, if the thread ends by itself, or cannot be started where threads are to be had.
 */
export function startThread(
  program: string,
  heard: (message: unknown) => void,
  failed: (reason: string) => void,
): Thread | undefined {
  let worker: Worker
  try {
    // Nothing of what the process was started with: preloaded modules would make it slow.
    worker = new Worker(PORT + program, { eval: true, execArgv: [], env: {}, name: 'hopfield-native' })
  } catch (error) {
    failed((error as Error).message)
    return undefined
  }
  let reason: string | undefined
  const ended = (code: number): void => failed(reason ?? `it ended with code ${code}`)
  worker.on('message', heard)
  worker.on('error', (error) => {
    reason = error instanceof Error ? error.message : String(error)
  })
  worker.on('exit', ended)
  worker.unref()
  return {
    post: (message, transfer) => worker.postMessage(message, transfer as ArrayBuffer[]),
    await: (somebody) => (somebody ? worker.ref() : worker.unref()),
    end() {
      worker.off('exit', ended)
      void worker.terminate()
    },
  }
}
