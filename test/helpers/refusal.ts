import { HopfieldError } from '../../src/index.js'

/** The HopfieldError that `run` throws. Any other error passes through, and silence is a failure. */
export function refusal(run: () => unknown): HopfieldError {
  try {
    run()
  } catch (error) {
    if (error instanceof HopfieldError) return error
    throw error
  }
  throw new Error('expected a HopfieldError, but nothing was thrown')
}

/** What the types forbid, for tests of what JavaScript callers do anyway. */
export function untyped(value: unknown): never {
  return value as never
}

/** Moves the memory away from under a typed array, as a postMessage with a transfer list does. */
export function detach<T extends ArrayBufferView>(view: T): T {
  structuredClone(view.buffer, { transfer: [view.buffer as ArrayBuffer] })
  return view
}

/** An object at which every look throws. */
export function revoked(target: object = {}): never {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy as never
}

/** What a promise rejects with; fulfilment is a failure. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('expected a rejection, but the promise was fulfilled')
    },
    (error: unknown) => error,
  )
}
