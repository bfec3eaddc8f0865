// The WebAssembly module in a page: text in a file of its own, which bundlers split off, and which is fetched by whoever waits for it.
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
  try {
    const { BYTES } = await import('../wasm-bytes.js')
    found =
      BYTES === ''
        ? { problem: 'this build of the package has none' }
        : { module: await WebAssembly.compile(await unpacked(BYTES)) }
  } catch (cause) {
    found = { problem: (cause as Error).message, cause }
  }
}

async function unpacked(text: string): Promise<Uint8Array> {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
