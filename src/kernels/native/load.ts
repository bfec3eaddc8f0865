import { loadNativeModule } from '../../platform/node/addon.js'
import { environment } from '../../platform/node/system.js'
import { warnOnce } from '../../platform/node/warning.js'
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
  /** What its file says of itself: src/platform/node/addon-file.ts. */
  readonly identity: string
  tiers(): NativeTier[]
  /** @param control the block that calls of these kernels begin with. */
  kernels(tier: string, control: Float64Array): TierExports
  /** Memory of the addon for such a block, which it reads where it lies; undefined where the engine takes no memory but its own. */
  controlMemory(): ArrayBuffer | undefined
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
  readonly advice: string | undefined
}

let loaded: Addon | NoAddon | undefined
let asked: string | undefined

/**
 * Names the file, or the folder, of the addon, whatever HOPFIELD_NATIVE_PREBUILD says.
 * @returns whether this was in time: before any other was tried.
 */
export function askForAddon(path: string): boolean {
  if (loaded === undefined) asked = path
  return asked === path
}

/** The addon, or why there is none. Tried once. */
export function loadAddon(): Addon | NoAddon {
  if (loaded !== undefined) return loaded
  const outcome = loadNativeModule(asked ?? (environment('HOPFIELD_NATIVE_PREBUILD') || undefined))
  loaded =
    'module' in outcome
      ? (outcome.module as Addon)
      : {
          reason: `the native addon could not be loaded: ${outcome.problem}`,
          cause: outcome.cause,
          advice: outcome.advice,
        }
  return loaded
}

const SLOWER = {
  wasm: 'in WebAssembly: the same results, slower',
  typescript: 'in TypeScript: the same results, many times slower',
}

/** Says once that something else computes where nobody asked for it. */
export function warnWithoutAddon({ reason, advice }: NoAddon, instead: 'wasm' | 'typescript'): void {
  warnOnce(
    'HOPFIELD_NATIVE_MISSING',
    `hopfield-native computes ${SLOWER[instead]}; ${reason}. ${advice === undefined ? '' : `${advice} `}` +
      `HOPFIELD_BACKEND=${instead} asks for that, and silences this.`,
  )
}
