import { loadNativeModule } from '../../platform/node.js'
import type { Backend } from '../contract/kernels.js'
import type { TierExports } from './exports.js'

/** A tier as the addon reports it. */
export interface NativeTier {
  readonly name: string
  readonly description: string
  readonly usable: boolean
  /** The processor has it, but the operating system does not let this process use it. */
  readonly refused: boolean
}

export interface Addon {
  tiers(): NativeTier[]
  /** @param control the block that calls of these kernels begin with. */
  kernels(tier: string, control: Float64Array): TierExports
  /** Address of an array's first byte modulo 64. */
  misalignment(array: Uint32Array): number
  /** Before an array is first touched. */
  preferLargePages(array: Uint32Array): void
  /** What {@link Backend.mapFile} says. */
  mapFile: Backend['mapFile']
}

export interface NoAddon {
  readonly reason: string
  readonly cause: unknown
}

let loaded: Addon | NoAddon | undefined

/** The addon, or why there is none. Tried once. */
export function loadAddon(): Addon | NoAddon {
  loaded ??= tryLoad()
  return loaded
}

function tryLoad(): Addon | NoAddon {
  try {
    return loadNativeModule() as Addon
  } catch (cause) {
    const first = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]
    return { reason: `the native addon could not be loaded: ${first}`, cause }
  }
}
