import { HopfieldError } from '../../errors.js'
import { nextTurn } from '../../platform/node/event-loop.js'
import {
  fetchWasmModule,
  fetchWasmProgram,
  loadWasmModule,
  loadWasmProgram,
  wasmModuleBytes,
} from '../../platform/node/wasm-file.js'
import { VERSION } from '../../platform/version.js'
import { BESIDE, BESIDE_ON_MEMORIES, type Flag, type Kernels, stopped } from '../contract/kernels.js'
import { ControlBlock, OUTCOME } from '../native/control.js'
import type { TierExports } from '../native/exports.js'
import { boundKernels } from '../native/native.js'
import { referenceWith } from '../reference/table.js'
import { compiled, type Refusal } from './brought.js'
import { Hand, NoHand } from './hand.js'
import { Host, type Kernel } from './host.js'
import { SIGNATURES } from './signatures.js'
import { inSlices } from './slices.js'
import { WASM_TIER } from './tier.js'
import { isLong } from './work.js'

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

/** The kernels of those that are not among {@link Kernels.beside}, and what has memories ready for them. */
const JOBS = [
  'ready',
  'recallAsync',
  'sampleAsync',
  'retrieveAsync',
  'integrateAsync',
  'bidirectionalAsync',
  'recallCodesAsync',
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
  await fetchWasmProgram()
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

/**
 * The kernels of an instance of the module. What is long, and would be done beside this thread, a thread with an instance of its own does; where
 * there can be none, and whatever is short, is done here in a later turn.
 */
export function wasmKernels(module: WebAssembly.Module, program = loadWasmProgram()): Kernels {
  const host = new Host(module)
  const { addon } = host
  const [, , version] = (addon.identity ?? '').split(' ')
  if (version !== VERSION) {
    throw new Error(`it is of version ${version ?? 'unknown'} of the package, and this is ${VERSION}`)
  }
  const control = new ControlBlock()
  const own = addon.kernels(WASM_TIER, control.numbers)
  const later = Object.fromEntries(
    BESIDE_NAMES.map((name) => [`${name}Async`, inLaterTurn(own[name], SIGNATURES[name].takes, control)]),
  )
  const exports = { ...own, ...later, memoryAsync: orError(own.memory) } as unknown as TierExports
  const { allocate, mapFile } = referenceWith([])
  const settled = (words: Uint32Array): void => host.settled(words)
  const bound = boundKernels(exports, control)
  const here = { ...bound, recallAsync: inSlices(bound.recallAsync) }
  const kernels = program === undefined ? here : withHand(here, new Hand(module, program))
  return { ...kernels, tier: WASM_TIER, parallel: false, mapFile, allocate, settled }
}

type Bound = ReturnType<typeof boundKernels>

/** The same kernels, the long ones beside this thread as long as there is a hand. */
function withHand(here: Bound, hand: Hand): Bound {
  const control = new ControlBlock()
  const apart = boundKernels(hand.exports(BESIDE_NAMES, control), control)
  const either = (name: string, [one, other]: [Kernel, Kernel]): Kernel => {
    return async (...given) => {
      if (!hand.there || !isLong(name, given)) return one(...given)
      try {
        return await other(...given)
      } catch (error) {
        // Nothing has been written.
        if (error instanceof NoHand) return one(...given)
        throw error
      }
    }
  }
  const all = <Some extends object>(names: readonly (keyof Some & string)[], some: Some, other: Some): Some =>
    Object.fromEntries(
      names.map((name) => [name, either(name, [some[name], other[name]] as [Kernel, Kernel])]),
    ) as Some
  return {
    ...here,
    ...all<Pick<Bound, (typeof JOBS)[number]>>(JOBS, here, apart),
    beside: all([...BESIDE, ...BESIDE_ON_MEMORIES], here.beside, apart.beside),
    quantizeKeys(...given) {
      here.quantizeKeys(...given)
      apart.quantizeKeys(...given)
    },
  }
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
