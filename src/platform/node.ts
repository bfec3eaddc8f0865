// What Node has and a browser has not, or has by another name. Only this folder may use `node:` modules and the globals of
// Node; scripts/layers.mjs checks that.
import { constants as bufferLimits } from 'node:buffer'
import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { setImmediate as turn } from 'node:timers/promises'
import { types } from 'node:util'
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads'
import * as zlib from 'node:zlib'

/** The value of an environment variable; undefined also where this program has no right to read it, as in Deno without `--allow-env`. */
export function environment(name: string): string | undefined {
  try {
    return process.env[name]
  } catch {
    return undefined
  }
}

/** Warns once, whichever thread is the first: threads that it starts later know. */
export function warnOnce(code: string, message: string): void {
  const key = `hopfield-native ${code}`
  if (getEnvironmentData(key) === true) return
  setEnvironmentData(key, true)
  process.emitWarning(message, { code })
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

/** Calls `run` every `wait` milliseconds until cancelled, as long as something else keeps the process alive. */
export function callEvery(run: () => void, wait: number): { cancel(): void } {
  const interval = setInterval(run, wait).unref()
  return { cancel: () => clearInterval(interval) }
}

/** True of shared buffers of every realm, where `instanceof` knows only those of its own. */
export function isSharedArrayBuffer(value: unknown): value is SharedArrayBuffer {
  return types.isSharedArrayBuffer(value)
}

/** Memory with arbitrary contents. Node's Buffer is the only way to have it without a pass that writes zeros. */
export function allocateUnsafe(bytes: number): ArrayBuffer {
  return Buffer.allocUnsafeSlow(bytes).buffer as ArrayBuffer
}

/** The checksum of zip files: CRC-32 with the polynomial 0xedb88320. */
export function crc32(bytes: Uint8Array): number {
  return zlib.crc32(bytes)
}

/**
 * The bytes that a raw DEFLATE stream stands for.
 * @returns undefined if the stream is damaged, is not over at the end of `packed`, or stands for more or less than `size` bytes.
 */
export function inflate(packed: Uint8Array, size: number): Uint8Array | undefined {
  try {
    const { buffer, engine } = zlib.inflateRawSync(packed, {
      maxOutputLength: Math.max(size, 1),
      info: true,
    }) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } }
    return buffer.length === size && engine.bytesWritten === packed.length ? buffer : undefined
  } catch {
    return undefined
  }
}

/** Bytes of the largest array. */
export const LARGEST_BUFFER: number = bufferLimits.MAX_LENGTH

/** A file that is open for reading. */
export interface OpenFile {
  readonly descriptor: number
  readonly bytes: number
  /** Whether it is a file, and no directory, pipe or device. */
  readonly regular: boolean
}

/** Opens a file, and closes it after `use`. Throws what Node throws, with its `code`. */
export function withOpenFile<T>(path: string, use: (file: OpenFile) => T): T {
  // Without this flag, which Windows does not have, opening a pipe waits for someone who writes.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const facts = fstatSync(descriptor)
    return use({ descriptor, bytes: facts.size, regular: facts.isFile() })
  } finally {
    closeSync(descriptor)
  }
}
