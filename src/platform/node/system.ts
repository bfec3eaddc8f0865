// What Node has and a browser has not, or has by another name. Each file here that browsers need has a twin in ../web.
import { availableParallelism } from 'node:os'
import { types } from 'node:util'

/** The value of an environment variable; undefined also where this program has no right to read it, as in Deno without `--allow-env`. */
export function environment(name: string): string | undefined {
  try {
    return process.env[name]
  } catch {
    return undefined
  }
}

/** Processors this process may use. */
export function processors(): number {
  return availableParallelism()
}

/** True of shared buffers of every realm, where `instanceof` knows only those of its own. */
export function isSharedArrayBuffer(value: unknown): value is SharedArrayBuffer {
  return types.isSharedArrayBuffer(value)
}

/** Memory with arbitrary contents. Node's Buffer is the only way to have it without a pass that writes zeros. */
export function allocateUnsafe(bytes: number): ArrayBuffer {
  return Buffer.allocUnsafeSlow(bytes).buffer as ArrayBuffer
}
