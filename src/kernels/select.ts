import { describe, HopfieldError } from '../errors.js'
import { environment, processors } from '../platform/node/system.js'
import type { Kernels } from './contract/kernels.js'
import type { NativeTier, NoAddon } from './native/load.js'
import { askForAddon, loadAddon, nativeKernels, warnWithoutAddon } from './node/addon.js'
import { typescriptKernels } from './reference/index.js'

/** Which code computes, and why. */
export interface BackendInfo {
  /** 'native' is the C++ addon, 'typescript' the reference implementation; both give the same bits. */
  readonly name: 'native' | 'typescript'
  /** Instruction-set tier of the addon ('amx', 'avx512', 'avx512-skx', 'avx2', 'neon', 'scalar'), or 'typescript'. */
  readonly tier: string
  /** Processors this process may use. */
  readonly threads: number
  /** Why the addon, or a better tier of this processor, is not used; undefined if the best tier runs. */
  readonly reason: string | undefined
}

export type BackendChoice = 'auto' | 'native' | 'typescript'

/** All tiers of the loaded addon, best first, and whether this processor runs them; empty without the addon. */
export function nativeTiers(): NativeTier[] {
  const addon = loadAddon()
  return 'tiers' in addon ? addon.tiers() : []
}

const BACKENDS = ['auto', 'native', 'typescript']

interface Selection {
  readonly kernels: Kernels
  readonly info: BackendInfo
  /** Why TypeScript computes though nobody asked for it, until that was said. */
  unsaid?: NoAddon | undefined
}

let selected: Selection | undefined

/** The kernels that HOPFIELD_BACKEND and HOPFIELD_TIER ask for; chosen at the first use and kept. */
function select(): Selection {
  selected ??= decide(environment('HOPFIELD_BACKEND') || 'auto', environment('HOPFIELD_TIER') || undefined)
  return selected
}

/** The whole policy: the addon with the best tier of this processor, unless the environment asks for another or the addon cannot load. */
function decide(backend: string, tier: string | undefined): Selection {
  const threads = processors()
  if (!BACKENDS.includes(backend)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_BACKEND',
      `HOPFIELD_BACKEND: expected auto, native or typescript, got ${describe(backend)}`,
    )
  }
  if (backend === 'typescript') {
    if (tier !== undefined) {
      throw new HopfieldError(
        'ERR_HOPFIELD_BACKEND',
        `HOPFIELD_TIER: ${tier} is a tier of the native backend, but HOPFIELD_BACKEND=typescript; unset one of them`,
      )
    }
    const reason = 'HOPFIELD_BACKEND=typescript asks for it'
    return { kernels: typescriptKernels, info: { name: 'typescript', tier: 'typescript', threads, reason } }
  }
  const addon = loadAddon()
  if ('tiers' in addon) {
    const kernels = nativeKernels(addon, tier)
    const refused = tier === undefined ? addon.tiers().find((known) => known.refused) : undefined
    const reason = refused && `the operating system does not let this process use tier ${refused.name}`
    return { kernels, info: { name: 'native', tier: kernels.tier, threads, reason } }
  }
  const { reason } = addon
  if (backend === 'native' || tier !== undefined) {
    const asked = backend === 'native' ? 'HOPFIELD_BACKEND=native' : `HOPFIELD_TIER=${tier}`
    throw new HopfieldError('ERR_HOPFIELD_BACKEND', `${asked}, but ${reason}`, { cause: addon.cause })
  }
  const info: BackendInfo = { name: 'typescript', tier: 'typescript', threads, reason }
  return { kernels: typescriptKernels, info, unsaid: addon }
}

/** What `backend()` says. */
export function backendInfo(): BackendInfo {
  return { ...select().info }
}

/** Where the addon is: a file, or a folder with `prebuilds/` or `build/` in it. Only before one has been looked for. */
export function useAddon(path: string): void {
  if (askForAddon(path)) return
  throw new HopfieldError(
    'ERR_HOPFIELD_BACKEND',
    `addon: expected to be told before anything asked for a backend, got ${describe(path)} after that; call backend({ addon }) first`,
  )
}

/** The kernels for a constructor's `backend` option; 'auto' is what {@link backend} reports. */
export function kernelsFor(choice: BackendChoice): Kernels {
  if (choice === 'typescript') return typescriptKernels
  const selection = select()
  const { kernels, unsaid } = selection
  if (choice === 'auto' && unsaid !== undefined) {
    selection.unsaid = undefined
    warnWithoutAddon(unsaid)
  }
  if (choice === 'auto' || kernels !== typescriptKernels) return kernels
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
  if (choice === 'native')
    return { ...info, name: 'native', tier: kernelsFor(choice).tier, reason: undefined }
  return { ...info, name: 'typescript', tier: 'typescript', reason: "backend: 'typescript' was asked for" }
}
