/**
 * The compute contract: every kernel, its shapes and its arithmetic, a file for each family. `reference/` is the reference; the
 * addon implements the same interfaces in several instruction-set tiers, and test/parity holds them to the same bytes.
 *
 * Notation: N neurons, P patterns, R = rowWords(N), C = columnWords(P), ξ^μ pattern μ, s a state, v^μ = ξ^μ·s its
 * integer overlap, h the integer local field (not yet divided by N). See layout.ts for how bits lie in memory.
 * Integers are exact in any order; reals are f64 in the order docs/numerics.md fixes.
 */
import type { AnnealingKernels } from './annealing.js'
import type { BifurcationKernels } from './bifurcation.js'
import type { BoltzmannKernels } from './boltzmann.js'
import type { CodeKernels, CodeMemory } from './codes.js'
import type { ConnectingKernels } from './connecting.js'
import type { FeatureKernels } from './features.js'
import type { FieldKernels } from './fields.js'
import type { Flag } from './flag.js'
import type { FormWeightsKernels } from './form-weights.js'
import type { GradedKernels } from './graded.js'
import type { LearningKernels } from './learning.js'
import type { Memory } from './memory.js'
import type { PackingKernels } from './packing.js'
import type { PairKernels, PairMemory } from './pairs.js'
import type { RecallKernels } from './recall.js'
import type { RetrievalKernels } from './retrieval.js'
import type { SearchKernels } from './searches.js'

export * from './annealing.js'
export * from './bifurcation.js'
export * from './boltzmann.js'
export * from './codes.js'
export * from './connecting.js'
export * from './features.js'
export * from './fields.js'
export * from './flag.js'
export * from './form-weights.js'
export * from './graded.js'
export * from './learning.js'
export * from './memory.js'
export * from './packing.js'
export * from './pairs.js'
export * from './recall.js'
export * from './retrieval.js'
export * from './searches.js'

/** Kernels on arrays alone that can compute beside this thread. */
export const BESIDE = [
  'transpose',
  'overlaps',
  'interleave',
  'nearest',
  'keyNorms',
  'hebbian',
  'quotients',
  'correlations',
  'storkey',
  'rankOne',
  'border',
  'retire',
  'responses',
  'perceptron',
  'minimalOverlap',
  'bounded',
  'clipped',
  'lowestStates',
  'hiddenMeans',
  'visibleMeans',
  'gibbs',
  'contrast',
  'freeEnergies',
  'importance',
  'logPartitions',
  'addFeatures',
  'askFeatures',
] as const satisfies readonly (keyof Computing)[]

/** Kernels on memories that can do so in the same way. */
export const BESIDE_ON_MEMORIES = [
  'localFields',
  'quadratics',
  'connectionWeights',
  'selfWeights',
  'logits',
  'associate',
  'mostSimilar',
  'descend',
  'tabu',
  'anneal',
  'replicaQuadratics',
  'exchangeClusters',
  'bifurcate',
] as const satisfies readonly (keyof Computing)[]

/** The same kernels as promises; arrays and flag as for recallAsync. */
export type Beside = {
  readonly [Name in (typeof BESIDE | typeof BESIDE_ON_MEMORIES)[number]]: (
    ...given: [...Parameters<Computing[Name]>, flag?: Flag]
  ) => Promise<ReturnType<Computing[Name]>>
}

/** Who computes, and memory of the kind it likes. */
export interface Backend {
  /** 'typescript', or the tier of the addon: 'scalar', 'avx2', 'avx512-skx', 'avx512', 'amx', 'neon'. */
  readonly tier: string

  /** Whether recallAsync and `beside` compute beside this thread; if not, they do it here, in later turns of the event loop. */
  readonly parallel: boolean
  readonly beside: Beside

  /**
   * Looks beside this thread through the contents of a memory, as its first use would on it. It rejects where that would throw.
   * Memories that take less time than a trip to another thread are looked through here.
   */
  ready(memory: Memory | PairMemory | CodeMemory): Promise<void>

  /** Zeroed words that start on a 64-byte boundary where the backend can tell; in a SharedArrayBuffer if `shared`. */
  allocate(words: number, shared?: boolean): Uint32Array

  /**
   * Says that these words stay as they are now, until it is said of their buffer again. A backend whose kernels see a memory of its own
   * alone may keep a copy of them there; others have nothing to do.
   */
  readonly settled?: (words: Uint32Array) => void

  /**
   * The first `bytes` bytes of a file, at least one, that is open under `descriptor` and has this path, as memory that begins on a
   * page. Nothing is read before it is touched, and what is written there never reaches the file. Undefined where the backend cannot
   * do that: then read the file.
   */
  mapFile(descriptor: number, path: string, bytes: number): ArrayBuffer | undefined
}

type Computing = PackingKernels &
  FieldKernels &
  RecallKernels &
  RetrievalKernels &
  GradedKernels &
  PairKernels &
  CodeKernels &
  ConnectingKernels &
  FormWeightsKernels &
  LearningKernels &
  SearchKernels &
  AnnealingKernels &
  BifurcationKernels &
  BoltzmannKernels &
  FeatureKernels

export type Kernels = Backend & Computing
