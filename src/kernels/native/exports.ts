import type {
  Backend,
  BESIDE,
  Beside,
  Flag,
  IntegrationTrace,
  Kernels,
  KernelTrace,
} from '../contract/kernels.js'
import type { Handle, Taken } from './handles.js'

/** What a kernel takes behind its memory. */
type After<Kernel extends (memory: never, ...rest: never) => unknown> =
  Parameters<Kernel> extends [unknown, ...infer Rest] ? Rest : never

type Bits = Int8Array | Uint32Array

/** The addon's recalls. How, how many, and which arguments are given is in the control block, which recall.ts writes. */
export type RecallWork = [
  ...taken: Taken,
  cues?: Bits | undefined,
  states?: Bits | undefined,
  outcomes?: Float64Array | undefined,
  order?: unknown,
  externalField?: Float64Array | undefined,
  clamp?: Uint32Array | undefined,
  streams?: Float64Array | undefined,
  temperatures?: Float64Array | undefined,
]

export type SampleWork = [...Required<RecallWork>, sums: Int32Array]

export type CodeWork = [
  ...taken: Taken,
  starts: Uint32Array,
  units: Uint32Array,
  rows: Uint32Array,
  outcomes: Uint32Array,
]

export type IntegrationWork = [
  ...taken: Taken,
  potentials: Float64Array,
  outputs: Float64Array,
  outcomes: Float64Array,
]

export type Question = [...taken: Taken, queries: Float32Array]
export type RetrievalWork = [
  ...Question,
  mask: Uint8Array | undefined,
  out: Float32Array | undefined,
  potentials: Float64Array,
]

export type MostSimilarWork = [
  ...Question,
  k: number,
  seen: Uint8Array | undefined,
  shifts: Float64Array,
  indices: Uint32Array,
  similarities: Float64Array,
  weights: Float64Array,
]

export type BifurcationWork = [
  ...Taken,
  externalField: Float64Array | undefined,
  positions: Float64Array,
  momenta: Float64Array,
  pumps: Float64Array,
  count: number,
]

export type AnnealingWork = [
  ...taken: Taken,
  betas: Float64Array,
  externalField: Float64Array | undefined,
  replicas: Uint32Array,
  count: number,
]

/** Kernels that take a memory: the addon has them with a handle in its place. */
interface HandleExports {
  /** Reads and checks a memory; what each kind takes is in handles.ts. */
  memory(kind: number, numbers: Float64Array, ...arrays: unknown[]): Handle
  /** The same, with contents looked through beside this thread: the handle, or what is wrong. */
  memoryAsync(kind: number, numbers: Float64Array, ...arrays: unknown[]): Promise<Handle | Error>
  localFields(...given: [...Taken, ...After<Kernels['localFields']>]): void
  localFieldsAsync(...given: [...Taken, ...After<Beside['localFields']>]): Promise<void>
  quadraticsAsync(...given: [...Taken, ...After<Beside['quadratics']>]): Promise<void>
  connectionWeightsAsync(...given: [...Taken, ...After<Beside['connectionWeights']>]): Promise<number>
  selfWeightsAsync(...given: [...Taken, ...After<Beside['selfWeights']>]): Promise<void>
  logitsAsync(...given: [...Question, out: Float64Array, flag: Flag | undefined]): Promise<void>
  associateAsync(...given: [...Question, out: Float64Array, flag: Flag | undefined]): Promise<void>
  mostSimilar(...work: MostSimilarWork): void
  mostSimilarAsync(...work: [...MostSimilarWork, flag: Flag | undefined]): Promise<void>
  quadratics(...given: [...Taken, ...After<Kernels['quadratics']>]): void
  recall(...work: RecallWork): number
  recallAsync(...work: [...RecallWork, flag?: Flag | undefined]): Promise<void>
  recallTraced(...work: RecallWork): KernelTrace
  sample(...work: SampleWork): void
  sampleAsync(...work: [...SampleWork, flag: Flag | undefined]): Promise<void>
  quantizeKeys(...given: [...Taken, to: Uint8Array, from: number, end: number]): void
  logits(...work: [...Question, out: Float64Array]): void
  associate(...work: [...Question, out: Float64Array]): void
  retrieve(...work: RetrievalWork): void
  retrieveAsync(...work: [...RetrievalWork, flag: Flag | undefined]): Promise<void>
  gradedSlopes(...given: [...Taken, ...After<Kernels['gradedSlopes']>]): void
  gradedEnergies(...given: [...Taken, ...After<Kernels['gradedEnergies']>]): void
  integrate(...work: IntegrationWork): void
  integrateAsync(...work: [...IntegrationWork, flag: Flag | undefined]): Promise<void>
  integrateTraced(...work: [...IntegrationWork, withStates: boolean]): IntegrationTrace
  bidirectional(...given: [...Taken, ...After<Kernels['bidirectional']>]): void
  bidirectionalAsync(...given: [...Taken, ...After<Kernels['bidirectionalAsync']>]): Promise<void>
  formWeights(...given: [...Taken, ...After<Kernels['formWeights']>]): void
  connectionWeights(...given: [...Taken, ...After<Kernels['connectionWeights']>]): number
  selfWeights(...given: [...Taken, ...After<Kernels['selfWeights']>]): void
  descend(...given: [...Taken, ...After<Kernels['descend']>]): void
  descendAsync(...given: [...Taken, ...After<Beside['descend']>]): Promise<void>
  tabu(...given: [...Taken, ...After<Kernels['tabu']>]): void
  tabuAsync(...given: [...Taken, ...After<Beside['tabu']>]): Promise<void>
  anneal(...work: AnnealingWork): void
  annealAsync(...work: [...AnnealingWork, flag: Flag | undefined]): Promise<void>
  replicaQuadratics(...given: [...Taken, ...After<Kernels['replicaQuadratics']>]): void
  replicaQuadraticsAsync(...given: [...Taken, ...After<Beside['replicaQuadratics']>]): Promise<void>
  exchangeClusters(...given: [...Taken, ...After<Kernels['exchangeClusters']>]): void
  exchangeClustersAsync(...given: [...Taken, ...After<Beside['exchangeClusters']>]): Promise<void>
  bifurcate(...work: BifurcationWork): void
  bifurcateAsync(...work: [...BifurcationWork, flag: Flag | undefined]): Promise<void>
  recallCodes(...work: CodeWork): void
  recallCodesAsync(...work: [...CodeWork, flag: Flag | undefined]): Promise<void>
}

/** Kernels that the addon has as the contract does. */
export type PlainKernels = Omit<Kernels, keyof HandleExports | keyof Backend>

/** The same beside this thread. */
type BesideExports = { readonly [Name in (typeof BESIDE)[number] as `${Name}Async`]: Beside[Name] }

/** What the addon exports: the kernels of one tier. */
export type TierExports = HandleExports & PlainKernels & BesideExports
