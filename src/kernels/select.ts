import { describe, HopfieldError } from '../errors.js'
import { environment, processors } from '../platform/node/system.js'
import type { Kernels } from './contract/kernels.js'
import type { NativeTier, NoAddon } from './native/load.js'
import { askForAddon, loadAddon, nativeKernels, warnWithoutAddon } from './node/addon.js'
import { fetchWasm, loadWasm, wasmBytes as moduleBytes } from './node/wasm.js'
import { PACKING_KERNELS } from './reference/families/packing.js'
import { type Family, referenceWith } from './reference/table.js'

/** Which code computes, and why. */
export interface BackendInfo {
  /** 'native' is the C++ addon, 'wasm' the same C++ as a WebAssembly module, 'typescript' the reference implementation; all give the same bits. */
  readonly name: BackendName
  /** Instruction-set tier of the addon ('amx', 'avx512', 'avx512-skx', 'avx2', 'neon', 'scalar'), 'wasm-simd128', or 'typescript'. */
  readonly tier: string
  /** Processors this process may use. */
  readonly threads: number
  /** Why the addon, or a better tier of this processor, is not used; undefined if the best tier runs. */
  readonly reason: string | undefined
}

export const BACKENDS = ['auto', 'native', 'wasm', 'typescript'] as const

export type BackendChoice = (typeof BACKENDS)[number]
export type BackendName = Exclude<BackendChoice, 'auto'>

/** All tiers of the loaded addon, best first, and whether this processor runs them; empty without the addon. */
export function nativeTiers(): NativeTier[] {
  const addon = loadAddon()
  return 'tiers' in addon ? addon.tiers() : []
}

interface Selection {
  /** Undefined where TypeScript computes: whoever asks says with which kernels. */
  readonly kernels: Kernels | undefined
  readonly info: BackendInfo
  /** Why the addon does not compute though nobody asked for anything else, until that was said. */
  unsaid?: NoAddon | undefined
}

let selected: Selection | undefined

/** The kernels that HOPFIELD_BACKEND and HOPFIELD_TIER ask for; chosen at the first use and kept. */
function select(): Selection {
  selected ??= decide(environment('HOPFIELD_BACKEND') || 'auto', environment('HOPFIELD_TIER') || undefined)
  return selected
}

function selection(name: BackendName, kernels: Kernels | undefined, reason: string | undefined): Selection {
  return { kernels, info: { name, tier: kernels?.tier ?? name, threads: processors(), reason } }
}

/**
 * The whole policy: the addon with the best tier of this processor; where it cannot load, the WebAssembly module, and where that cannot,
 * TypeScript; unless the environment asks for one of them.
 */
function decide(backend: string, tier: string | undefined): Selection {
  if (!(BACKENDS as readonly string[]).includes(backend)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_BACKEND',
      `HOPFIELD_BACKEND: expected auto, native, wasm or typescript, got ${describe(backend)}`,
    )
  }
  if (backend === 'typescript' || backend === 'wasm') {
    if (tier !== undefined) {
      throw new HopfieldError(
        'ERR_HOPFIELD_BACKEND',
        `HOPFIELD_TIER: ${tier} is a tier of the native backend, but HOPFIELD_BACKEND=${backend}; unset one of them`,
      )
    }
    const asked = `HOPFIELD_BACKEND=${backend}`
    const kernels = backend === 'wasm' ? wasmOrThrow(asked) : undefined
    return selection(backend, kernels, `${asked} asks for it`)
  }
  const addon = loadAddon()
  if ('tiers' in addon) {
    const kernels = nativeKernels(addon, tier)
    const refused = tier === undefined ? addon.tiers().find((known) => known.refused) : undefined
    const reason = refused && `the operating system does not let this process use tier ${refused.name}`
    return selection('native', kernels, reason)
  }
  const { reason } = addon
  if (backend === 'native' || tier !== undefined) {
    const asked = backend === 'native' ? 'HOPFIELD_BACKEND=native' : `HOPFIELD_TIER=${tier}`
    throw new HopfieldError('ERR_HOPFIELD_BACKEND', `${asked}, but ${reason}`, { cause: addon.cause })
  }
  const wasm = loadWasm()
  if ('kernels' in wasm) return { ...selection('wasm', wasm.kernels, reason), unsaid: addon }
  const both = `${reason}; and ${wasm.reason}`
  return { ...selection('typescript', undefined, both), unsaid: { ...addon, reason: both } }
}

function wasmOrThrow(asked: string): Kernels {
  const wasm = loadWasm()
  if ('kernels' in wasm) return wasm.kernels
  throw new HopfieldError('ERR_HOPFIELD_BACKEND', `${asked}, but ${wasm.reason}`, { cause: wasm.cause })
}

/** What `backend()` says. */
export function backendInfo(): BackendInfo {
  return { ...select().info }
}

/** The bytes of the WebAssembly module. A function of its own, so that the published types do not name what Node's types lack. */
export function wasmBytes(): Promise<Uint8Array> {
  return moduleBytes()
}

/**
 * Waits for what this place has to fetch before the best backend can be chosen, and forgets what was chosen for want of it.
 * @param module the WebAssembly module, where the caller has it; it may be anything.
 */
export async function fetchBackend(module: unknown): Promise<void> {
  if (module === undefined && 'tiers' in loadAddon()) return
  await fetchWasm(module)
  if (selected?.info.name === 'typescript') selected = undefined
}

/** Where the addon is: a file, or a folder with `prebuilds/` or `build/` in it. Only before one has been looked for. */
export function useAddon(path: string): void {
  if (askForAddon(path)) return
  throw new HopfieldError(
    'ERR_HOPFIELD_BACKEND',
    `addon: expected to be told before anything asked for a backend, got ${describe(path)} after that; call backend({ addon }) first`,
  )
}

/**
 * The kernels for a constructor's `backend` option; 'auto' is what {@link backend} reports.
 * @param families what is needed beside packing: of the reference, nothing else may be there.
 */
export function kernelsFor(choice: BackendChoice, ...families: readonly Family[]): Kernels {
  return fasterThanReference(choice) ?? referenceWith([PACKING_KERNELS, ...families])
}

/** Undefined where TypeScript computes. */
function fasterThanReference(choice: BackendChoice): Kernels | undefined {
  if (choice === 'typescript') return undefined
  if (choice === 'wasm') return wasmOrThrow("backend: 'wasm' was asked for")
  const selection = select()
  const { kernels, info, unsaid } = selection
  if (choice === 'auto') {
    if (unsaid === undefined) return kernels
    selection.unsaid = undefined
    warnWithoutAddon(unsaid, info.name as 'wasm' | 'typescript')
  }
  if (choice === 'auto' || info.name === 'native') return kernels
  const addon = loadAddon()
  if ('tiers' in addon) return nativeKernels(addon, undefined)
  throw new HopfieldError('ERR_HOPFIELD_BACKEND', `backend: 'native' is not available: ${addon.reason}`, {
    cause: addon.cause,
  })
}

/** The facts about the kernels for a `backend` option. */
export function backendOf(choice: BackendChoice): BackendInfo {
  const info = backendInfo()
  if (choice === 'auto' || choice === info.name) return info
  const reason = choice === 'native' ? undefined : `backend: '${choice}' was asked for`
  return { ...info, name: choice, tier: kernelsFor(choice).tier, reason }
}
