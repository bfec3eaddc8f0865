// The WebAssembly module in a page: text in a file of its own, which bundlers split off, and which is fetched by whoever waits for it.
import { unpackLzma } from '../lzma.js'
import { inTurns } from '../turn.js'

interface Refusal {
  readonly problem: string
  readonly cause?: unknown
}

let found: { readonly module: WebAssembly.Module } | Refusal = {
  problem: 'it has not been fetched',
}

/** The module that was fetched, or why there is none. */
export function loadWasmModule(): { readonly module: WebAssembly.Module } | Refusal {
  return found
}

/** Fetches and compiles the module, unless it is there already. It never rejects: what went wrong is what {@link loadWasmModule} says. */
export async function fetchWasmModule(): Promise<void> {
  if ('module' in found) return
  const fetched = await wasmModuleBytes()
  try {
    found = 'problem' in fetched ? fetched : { module: await WebAssembly.compile(fetched.bytes) }
  } catch (cause) {
    found = { problem: (cause as Error).message, cause }
  }
}

/** The module's bytes, or why there are none. It never rejects. */
export async function wasmModuleBytes(): Promise<{ readonly bytes: Uint8Array } | Refusal> {
  try {
    const { BYTES } = await import('../wasm-bytes.js')
    if (BYTES === '') return { problem: 'this build of the package has none' }
    const packed = Uint8Array.from(atob(BYTES), (letter) => letter.charCodeAt(0))
    return { bytes: await inTurns(unpackLzma(packed)) }
  } catch (cause) {
    return { problem: (cause as Error).message, cause }
  }
}

let program: string | undefined

/** What a worker of the backend runs; undefined before it has been fetched. */
export function loadWasmProgram(): string | undefined {
  return program
}

/** Fetches that. It never rejects: without it, what a worker would do is done on this thread. */
export async function fetchWasmProgram(): Promise<void> {
  try {
    const { PROGRAM } = await import('../wasm-program.js')
    program = PROGRAM === '' ? undefined : atob(PROGRAM)
  } catch {
    program = undefined
  }
}
