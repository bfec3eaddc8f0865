import { describe, HopfieldError, within } from '../errors.js'
import { choice, type Given, type Option, Schema, unread } from '../input/options.js'
import type { Uint8s } from '../input/typed-arrays.js'
import {
  BACKENDS,
  type BackendChoice,
  type BackendInfo,
  backendInfo,
  fetchBackend,
  wasmBytes as moduleBytes,
  useAddon,
} from '../kernels/select.js'
import { pathOf } from '../platform/node/files.js'

/** The option of every memory's constructor. */
export const BACKEND = {
  /** Which backend computes; 'auto' (default) is the one that `backend()` reports. */
  backend: choice<BackendChoice>([...BACKENDS], 'auto'),
}

const place: Option<string | URL, string | undefined> = {
  usual: undefined,
  read(name, value) {
    try {
      if (value instanceof URL || (typeof value === 'string' && value !== '')) return pathOf(value)
    } catch {
      // A URL of something that is no file.
    }
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `${name}: expected a path or a file URL, got ${describe(value)}`,
    )
  },
}

const OPTIONS = new Schema({
  /** Where the addon is: a `.node` file, or a folder with `prebuilds/` in it. It must be told before anything asks for a backend. */
  addon: place,
})

/** Options of {@link backend}. */
export type BackendOptions = Given<{ addon: typeof place }>

/**
 * The backend that computes by default, and why. It is chosen once: by this call, or by the first memory that is made.
 * @param options `addon`: where the addon is, where a program carries it away from this package, as a bundle does; it must be a whole
 *   one of this version for this machine. HOPFIELD_NATIVE_PREBUILD says the same in the environment; the option comes first.
 *   If that file cannot be loaded, TypeScript computes, with the same results, and `reason` says why.
 * @throws HopfieldError ERR_HOPFIELD_BACKEND if HOPFIELD_BACKEND or HOPFIELD_TIER is unknown or cannot run on this machine, or if `addon`
 *   comes too late; ERR_HOPFIELD_OPTION if it is neither a path nor a file URL.
 */
export function backend(options?: BackendOptions): BackendInfo {
  const { addon } = OPTIONS.read('backend', options)
  try {
    if (addon !== undefined) useAddon(addon)
  } catch (error) {
    throw within('backend', error)
  }
  return backendInfo()
}

const READY = new Schema({
  /**
   * The WebAssembly module, where the program has it already: a WebAssembly.Module, its bytes, a Response, or a promise of one of them.
   * It must be of this version. Runtimes that compile no bytes give compiled modules to those who import them.
   */
  module: unread<object>(),
})

/** Options of {@link ready}. */
export type ReadyOptions = Given<{ module: Option<object | undefined, object | undefined> }>

/**
 * Waits until the best backend is there, and says which one it is. In a page or an edge runtime it fetches the WebAssembly module: memories
 * that are made before it has arrived compute in TypeScript, with the same results. In Node there is nothing to wait for.
 * @param options `module`: the module, where the program has it already; nothing is fetched then. It does not take the place of one that
 *   computes already, nor of the addon.
 * @returns a promise of what {@link backend} says then. It does not reject because there is no module, or one that does not run: then
 *   TypeScript goes on, and `reason` says why.
 * @throws HopfieldError ERR_HOPFIELD_BACKEND as {@link backend} does; ERR_HOPFIELD_TYPE if `module` is none of these. The promise rejects.
 */
export async function ready(options?: ReadyOptions): Promise<BackendInfo> {
  const { module } = READY.read('ready', options)
  try {
    await fetchBackend(module)
  } catch (error) {
    throw within('ready', error)
  }
  return backendInfo()
}

/**
 * The bytes of the WebAssembly module, to be written to a file where a runtime wants one: for {@link ready} in edge runtimes, or as
 * `hopfield-native.wasm` beside a bundle for Node.
 * @throws HopfieldError ERR_HOPFIELD_BACKEND if this build of the package has none. A rejection.
 */
export async function wasmBytes(): Promise<Uint8s> {
  return Uint8Array.from(await moduleBytes())
}
