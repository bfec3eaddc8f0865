// What Node has and a browser has not, or has by another name. Only this file may use `node:` modules and the globals of
// Node; scripts/layers.mjs checks that.
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { types } from 'node:util'

/** The value of an environment variable. */
export function environment(name: string): string | undefined {
  return process.env[name]
}

/** Processors this process may use. */
export function processors(): number {
  return availableParallelism()
}

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

/** True of shared buffers of every realm, where `instanceof` knows only those of its own. */
export function isSharedArrayBuffer(value: unknown): value is SharedArrayBuffer {
  return types.isSharedArrayBuffer(value)
}

/** Memory with arbitrary contents. Node's Buffer is the only way to have it without a pass that writes zeros. */
export function allocateUnsafe(bytes: number): ArrayBuffer {
  return Buffer.allocUnsafeSlow(bytes).buffer as ArrayBuffer
}

/** The addon, from `prebuilds/` or `build/` of this package. Throws where there is none that this machine can load. */
export function loadNativeModule(): unknown {
  // In a bundle import.meta.url may be missing: then this throws as well.
  const require = createRequire(import.meta.url)
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
  return (require('node-gyp-build') as (root: string) => unknown)(root)
}
