// Finds the WebAssembly module: in the package, where pages have it from too, or as a file beside a bundle.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unpackLzma } from '../lzma.js'
import { atOnce } from '../turn.js'
import type { Refusal } from './addon.js'
import { besideBundle, packageRoot } from './here.js'

/** In the package: a module of JavaScript, for pages. */
const PACKED = 'dist/web/platform/wasm-bytes.js'
const PROGRAM = 'dist/web/platform/wasm-program.js'
/** Beside a bundle: what `wasmBytes()` gives. */
const PLAIN = 'hopfield-native.wasm'

/** The module, compiled, or why there is none. */
export function loadWasmModule(): { readonly module: WebAssembly.Module } | Refusal {
  try {
    const read = readWasm()
    return 'problem' in read ? read : { module: new WebAssembly.Module(read.bytes) }
  } catch (cause) {
    return { problem: (cause as Error).message, cause }
  }
}

/** Nothing need be fetched: the file is read when it is asked for. */
export function fetchWasmModule(): Promise<void> {
  return Promise.resolve()
}

/** The module's bytes, or why there are none. */
export async function wasmModuleBytes(): Promise<{ readonly bytes: Uint8Array } | Refusal> {
  try {
    return readWasm()
  } catch (cause) {
    return { problem: (cause as Error).message, cause }
  }
}

/** What a thread of the backend runs; undefined in a bundle, and where it cannot be read. */
export function loadWasmProgram(): string | undefined {
  try {
    const root = packageRoot()
    const text = root && textIn(join(root, PROGRAM))
    return text && Buffer.from(text, 'base64').toString()
  } catch {
    return undefined
  }
}

/** Nothing need be fetched. */
export function fetchWasmProgram(): Promise<void> {
  return Promise.resolve()
}

/** What a module of the package has in base 64. */
function textIn(path: string): string | undefined {
  return /"([A-Za-z0-9+/]+=*)"/.exec(readFileSync(path, 'latin1'))?.[1]
}

function readWasm(): { readonly bytes: Uint8Array } | Refusal {
  const root = packageRoot()
  if (root === undefined) {
    const folders = besideBundle()
    const path = folders.map((folder) => join(folder, PLAIN)).find((path) => existsSync(path))
    return path === undefined
      ? { problem: `there is no ${PLAIN} in ${folders.join(', ')}` }
      : { bytes: readFileSync(path) }
  }
  const path = join(root, PACKED)
  if (!existsSync(path)) return { problem: `there is no ${path}` }
  const text = textIn(path)
  if (text === undefined) return { problem: 'this build of the package has none' }
  return { bytes: atOnce(unpackLzma(Buffer.from(text, 'base64'))) }
}
