import { HopfieldError } from '../../errors.js'
import { nextTurn } from '../../platform/node/event-loop.js'
import { fetchWasmModule, loadWasmModule, wasmModuleBytes } from '../../platform/node/wasm-file.js'
import { VERSION } from '../../platform/version.js'
import { BESIDE, BESIDE_ON_MEMORIES, type Flag, type Kernels, stopped } from '../contract/kernels.js'
import { ControlBlock, OUTCOME } from '../native/control.js'
import type { TierExports } from '../native/exports.js'
import { boundKernels } from '../native/native.js'
import { referenceWith } from '../reference/table.js'
import { compiled, type Refusal } from './brought.js'
import { Host, type Kernel } from './host.js'
import { SIGNATURES } from './signatures.js'
import { inSlices } from './slices.js'

const WASM_TIER = 'wasm-simd128'

/** Functions that the addon has a second time, for another thread. */
const BESIDE_NAMES = [
  ...BESIDE,
  ...BESIDE_ON_MEMORIES,
  'recall',
  'sample',
  'retrieve',
  'integrate',
  'bidirectional',
  'recallCodes',
] as const

export interface LoadedWasm {
  readonly kernels: Kernels
}

export interface NoWasm {
  readonly reason: string
  readonly cause?: unknown
}

let loaded: LoadedWasm | NoWasm | undefined
/** What the caller brought, in place of the package's own. */
let brought: { readonly module: WebAssembly.Module } | Refusal | undefined

/** The kernels of this thread's instance of the module, or why there are none. Tried once. */
export function loadWasm(): LoadedWasm | NoWasm {
  loaded ??= load()
  return loaded
}

/**
 * Waits for the module, unless it computes already, and lets {@link loadWasm} try again.
 * @param given the module, where the caller has it; it may be anything.
 * @throws HopfieldError ERR_HOPFIELD_TYPE if it is nothing of that kind.
 */
export async function fetchWasm(given?: unknown): Promise<void> {
  if (loaded !== undefined && 'kernels' in loaded) return
  if (given === undefined) await fetchWasmModule()
  brought = given === undefined ? undefined : await compiled(given)
  loaded = undefined
}

/**
 * The module's bytes.
 * @throws HopfieldError ERR_HOPFIELD_BACKEND if there are none.
 */
export async function wasmBytes(): Promise<Uint8Array> {
  const found = await wasmModuleBytes()
  if ('bytes' in found) return found.bytes
  throw new HopfieldError(
    'ERR_HOPFIELD_BACKEND',
    `wasmBytes: the WebAssembly module could not be loaded: ${found.problem}`,
    { cause: found.cause },
  )
}

function load(): LoadedWasm | NoWasm {
  const found = brought ?? loadWasmModule()
  if ('problem' in found) {
    return { reason: `the WebAssembly module could not be loaded: ${found.problem}`, cause: found.cause }
  }
  try {
    return { kernels: wasmKernels(found.module) }
  } catch (cause) {
    return { reason: `the WebAssembly module could not be started: ${(cause as Error).message}`, cause }
  }
}

/** The kernels of an instance of the module. There is no other thread: what would be done beside this one is done in a later turn. */
export function wasmKernels(module: WebAssembly.Module): Kernels {
  const host = new Host(module)
  const { addon } = host
  const [, , version] = (addon.identity ?? '').split(' ')
  if (version !== VERSION) {
    throw new Error(`it is of version ${version ?? 'unknown'} of the package, and this is ${VERSION}`)
  }
  const control = new ControlBlock(false)
  const own = addon.kernels(WASM_TIER, control.numbers)
  const later = Object.fromEntries(
    BESIDE_NAMES.map((name) => [`${name}Async`, inLaterTurn(own[name], SIGNATURES[name].takes, control)]),
  )
  const exports = { ...own, ...later, memoryAsync: orError(own.memory) } as unknown as TierExports
  const { allocate, mapFile } = referenceWith([])
  const settled = (words: Uint32Array): void => host.settled(words)
  const bound = boundKernels(exports, control)
  const recallAsync = inSlices(bound.recallAsync)
  return { ...bound, recallAsync, tier: WASM_TIER, parallel: false, mapFile, allocate, settled }
}

/** @param takes arguments of the kernel's own; a flag may follow. */
function inLaterTurn(kernel: Kernel, takes: number, { numbers }: ControlBlock): Kernel {
  return async (...given) => {
    // Other calls write the block meanwhile.
    const own = numbers.slice(0, OUTCOME)
    await nextTurn()
    if (stopped(given[takes] as Flag | undefined)) return undefined
    numbers.set(own)
    return kernel(...given)
  }
}

function orError(kernel: Kernel): Kernel {
  return async (...given) => {
    try {
      return kernel(...given)
    } catch (error) {
      return error
    }
  }
}
