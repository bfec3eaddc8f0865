// What ../node/threads.ts does in Node, by a worker.

export interface Thread {
  post(message: unknown, transfer: readonly ArrayBuffer[]): void
  await(somebody: boolean): void
  end(): void
}

/** As pages have it; the types of Node know none. */
interface Worker {
  onmessage: (event: { readonly data: unknown }) => void
  onerror: (event: { readonly message?: string; preventDefault(): void }) => void
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void
  terminate(): void
}

const PORT = `const port = {
  listen: (heard) => { onmessage = ({ data }) => heard(data) },
  post: (message, transfer) => postMessage(message, transfer),
};
`

/** Starts a worker; undefined in edge runtimes, which have none. A page's policy may refuse it later: then it has failed. */
export function startThread(
  program: string,
  heard: (message: unknown) => void,
  failed: (reason: string) => void,
): Thread | undefined {
  const { Worker } = globalThis as { Worker?: new (url: string) => Worker }
  if (Worker === undefined) return undefined
  const url = URL.createObjectURL(new Blob([PORT + program], { type: 'text/javascript' }))
  let worker: Worker
  try {
    worker = new Worker(url)
  } catch (error) {
    URL.revokeObjectURL(url)
    failed((error as Error).message)
    return undefined
  }
  worker.onmessage = ({ data }) => {
    // It runs: nobody reads the program again.
    URL.revokeObjectURL(url)
    heard(data)
  }
  worker.onerror = (event) => {
    event.preventDefault()
    // A policy that refuses it gives no message.
    failed(event.message ?? "the page's policy may refuse blob: in worker-src")
  }
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    await() {},
    end: () => worker.terminate(),
  }
}
