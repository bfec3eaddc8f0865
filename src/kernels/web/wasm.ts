// The WebAssembly backend of pages: whoever waits for it has it fetched, with what it takes to call it; nobody else pays for it.
import type { LoadedWasm, NoWasm } from '../wasm/wasm.js'

let wasm: typeof import('../wasm/wasm.js') | undefined
let missing: NoWasm = { reason: 'nobody has waited for the WebAssembly module; await ready() first' }

export function loadWasm(): LoadedWasm | NoWasm {
  return wasm?.loadWasm() ?? missing
}

/** It never rejects: what went wrong is what {@link loadWasm} says. */
export async function fetchWasm(): Promise<void> {
  try {
    wasm ??= await import('../wasm/wasm.js')
  } catch (cause) {
    missing = { reason: `the WebAssembly backend could not be fetched: ${(cause as Error).message}`, cause }
    return
  }
  await wasm.fetchWasm()
}
