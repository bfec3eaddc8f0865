// Finds the WebAssembly module beside this code, and compiles it.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import type { Refusal } from './addon.js'
import { besideBundle, packageRoot } from './here.js'

const NAME = 'hopfield-native.wasm.br'

/** The module, compiled, or why there is none. */
export function loadWasmModule(): { readonly module: WebAssembly.Module } | Refusal {
  try {
    const root = packageRoot()
    const folders = root === undefined ? besideBundle() : [join(root, 'dist')]
    const path = folders.map((folder) => join(folder, NAME)).find((path) => existsSync(path))
    if (path === undefined) return { problem: `there is no ${NAME} in ${folders.join(', ')}` }
    return { module: new WebAssembly.Module(brotliDecompressSync(readFileSync(path))) }
  } catch (cause) {
    return { problem: (cause as Error).message, cause }
  }
}

/** Nothing need be fetched: the file is read when it is asked for. */
export function fetchWasmModule(): Promise<void> {
  return Promise.resolve()
}
