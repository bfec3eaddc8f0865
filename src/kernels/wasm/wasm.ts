import { nextTurn } from '../../platform/node/event-loop.js'
import { fetchWasmModule, loadWasmModule } from '../../platform/node/wasm-file.js'
import { BESIDE, BESIDE_ON_MEMORIES, type Flag, type Kernels, stopped } from '../contract/kernels.js'
import { ControlBlock, OUTCOME } from '../native/control.js'
import type { TierExports } from '../native/exports.js'
import { boundKernels } from '../native/native.js'
import { referenceWith } from '../reference/table.js'
import { Host, type Kernel } from './host.js'
import { SIGNATURES } from './signatures.js'

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

/** The kernels of this thread's instance of the module, or why there are none. Tried once. */
export function loadWasm(): LoadedWasm | NoWasm {
  loaded ??= load()
  return loaded
}

/** Whether there is something to wait for before {@link loadWasm} can have kernels: then waits, and lets it try again. */
export async function fetchWasm(): Promise<void> {
  if (loaded !== undefined && 'kernels' in loaded) return
  await fetchWasmModule()
  loaded = undefined
}

function load(): LoadedWasm | NoWasm {
  const found = loadWasmModule()
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
export function wasmKernels(compiled: WebAssembly.Module): Kernels {
  const { addon } = new Host(compiled)
  const control = new ControlBlock(false)
  const own = addon.kernels(WASM_TIER, control.numbers)
  const later = Object.fromEntries(
    BESIDE_NAMES.map((name) => [`${name}Async`, inLaterTurn(own[name], SIGNATURES[name].takes, control)]),
  )
  const exports = { ...own, ...later, memoryAsync: orError(own.memory) } as unknown as TierExports
  const { allocate, mapFile } = referenceWith([])
  return { ...boundKernels(exports, control), tier: WASM_TIER, parallel: false, mapFile, allocate }
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
