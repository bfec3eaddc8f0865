// The WebAssembly backend of pages: whoever waits for it has it fetched, with what it takes to call it; nobody else pays for it.
import type { LoadedWasm, NoWasm } from '../wasm/wasm.js'

let wasm: typeof import('../wasm/wasm.js') | undefined
let missing: NoWasm = { reason: 'nobody has waited for the WebAssembly module; await ready() first' }

export function loadWasm(): LoadedWasm | NoWasm {
  return wasm?.loadWasm() ?? missing
}

/**
 * What went wrong is what {@link loadWasm} says.
 * @param brought the module, where the caller has it; it may be anything.
 * @throws HopfieldError ERR_HOPFIELD_TYPE if it is nothing of that kind.
 */
export async function fetchWasm(brought?: unknown): Promise<void> {
  const there = await fetchedWasm()
  await there?.fetchWasm(brought)
}

/** The module's bytes. */
export async function wasmBytes(): Promise<Uint8Array> {
  const there = await fetchedWasm()
  if (there === undefined) throw missing.cause
  return there.wasmBytes()
}

async function fetchedWasm(): Promise<typeof import('../wasm/wasm.js') | undefined> {
  try {
    wasm ??= await import('../wasm/wasm.js')
  } catch (cause) {
    missing = { reason: `the WebAssembly backend could not be fetched: ${(cause as Error).message}`, cause }
  }
  return wasm
}
