import { HopfieldError } from '../../errors.js'
import { BESIDE, type Beside, type Kernels } from '../contract/kernels.js'
import { annealingKernels } from './annealing.js'
import { codeKernels } from './codes.js'
import { BLOCK, ControlBlock } from './control.js'
import type { TierExports } from './exports.js'
import { formWeightsBeside, formWeightsKernels } from './form-weights.js'
import { gradedKernels } from './graded.js'
import { Handles } from './handles.js'
import type { Addon } from './load.js'
import { outOfMemory } from './out-of-memory.js'
import { pairKernels } from './pairs.js'
import { recallKernels, recallsBeside } from './recall.js'
import { questionsBeside, retrievalKernels } from './retrieval.js'
import { searchesBeside, searchKernels } from './searches.js'

/** Words from which an array is worth pages of its own. */
const LARGE = 2 ** 20

/** The kernels of the named tier, or of the best one this processor has. */
export function nativeKernels(addon: Addon, wanted: string | undefined): Kernels {
  const tier = chooseTier(addon, wanted)
  // The engine copies to and from shared memory word by word, which takes three times as long.
  const control = new ControlBlock(addon.controlMemory() ?? new SharedArrayBuffer(BLOCK))
  return {
    ...boundKernels(addon.kernels(tier, control.numbers), control),
    tier,
    parallel: true,
    mapFile: addon.mapFile,
    allocate(words, shared = false) {
      const size = words + 16
      const room = shared ? new Uint32Array(new SharedArrayBuffer(size * 4)) : new Uint32Array(size)
      if (size >= LARGE) addon.preferLargePages(room)
      const skip = ((64 - addon.misalignment(room)) % 64) / 4
      return room.subarray(skip, skip + words)
    },
  }
}

/** What functions of C++ compute, as the contract has it. */
export function boundKernels(
  given: TierExports,
  control: ControlBlock,
): Omit<Kernels, 'tier' | 'parallel' | 'mapFile' | 'allocate'> {
  const exports = guarded(given)
  const handles = new Handles(exports)
  const annealing = annealingKernels(exports, handles, control)
  const beside = {
    ...Object.fromEntries(BESIDE.map((name) => [name, exports[`${name}Async`]])),
    ...recallsBeside(exports, handles),
    ...questionsBeside(exports, handles, control),
    ...formWeightsBeside(exports, handles),
    ...searchesBeside(exports, handles),
    ...annealing.beside,
  } as Beside
  // Kernels without a memory are the exports' own; a family's file has the others.
  return {
    ...exports,
    // One small recall says it itself: a call in between takes as long as reading its options.
    ...recallKernels({ ...exports, recall: given.recall }, handles, control),
    ...retrievalKernels(exports, handles, control),
    ...gradedKernels(exports, handles, control),
    ...pairKernels(exports, handles),
    ...codeKernels(exports, handles, control),
    ...formWeightsKernels(exports, handles),
    ...searchKernels(exports, handles),
    ...annealing.here,
    ready: (memory) => handles.ready(memory),
    beside,
  }
}

type Kernel = (...given: unknown[]) => unknown

/** Kernels that say it as users see it when there is no memory left. */
function guarded(exports: TierExports): TierExports {
  const kernels = Object.entries(exports as unknown as Record<string, Kernel>)
  return Object.fromEntries(
    kernels.map(([name, kernel]) => [
      name,
      name.endsWith('Async') ? guardedAsync(kernel) : guardedCall(kernel),
    ]),
  ) as unknown as TierExports
}

function guardedCall(kernel: Kernel): Kernel {
  return (...given) => {
    try {
      return kernel(...given)
    } catch (cause) {
      throw outOfMemory(cause)
    }
  }
}

function guardedAsync(kernel: Kernel): Kernel {
  return async (...given) => {
    try {
      return await kernel(...given)
    } catch (cause) {
      throw outOfMemory(cause)
    }
  }
}

/** A tier by name; a family name ('avx512') takes its best usable member. Unknown or unusable names fail. */
function chooseTier(addon: Addon, wanted: string | undefined): string {
  const tiers = addon.tiers()
  const usable = tiers.filter((tier) => tier.usable)
  if (wanted === undefined) return usable[0].name
  const found = usable.find((tier) => tier.name === wanted || tier.name.startsWith(`${wanted}-`))
  if (found !== undefined) return found.name
  const known = tiers.find((tier) => tier.name === wanted)
  const why =
    known === undefined
      ? `there is no tier ${JSON.stringify(wanted)}`
      : `this ${known.refused ? 'process may not use' : 'processor cannot run'} ${wanted}`
  throw new HopfieldError(
    'ERR_HOPFIELD_BACKEND',
    `HOPFIELD_TIER: ${why}; usable here: ${usable.map((tier) => tier.name).join(', ')}`,
  )
}
