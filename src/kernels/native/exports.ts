import type { Backend, Beside, IntegrationTrace, Kernels, KernelTrace } from '../contract/kernels.js'
import type { Handle } from './handles.js'

/** What a kernel takes behind its memory. */
type After<Kernel extends (memory: never, ...rest: never) => unknown> =
  Parameters<Kernel> extends [unknown, ...infer Rest] ? Rest : never

type Bits = Int8Array | Uint32Array

/** The addon's recalls: how and how many is in the control block, which recall.ts writes. */
export type RecallWork = [
  memory: Handle,
  control: Float64Array,
  cues: Bits,
  states: Bits,
  outcomes: Float64Array,
  extras: readonly unknown[] | undefined,
]

export type CodeWork = [
  memory: Handle,
  control: Float64Array,
  starts: Uint32Array,
  units: Uint32Array,
  rows: Uint32Array,
  outcomes: Uint32Array,
]

export type PairWork = [
  memory: Handle,
  xs: Uint32Array,
  ys: Uint32Array,
  count: number,
  fromY: Uint8Array,
  maxSteps: number,
  outcomes: Float64Array,
]

export type IntegrationWork = [
  network: Handle,
  control: Float64Array,
  potentials: Float64Array,
  outputs: Float64Array,
  outcomes: Float64Array,
]

export type Question = [memory: Handle, control: Float64Array, queries: Float32Array]
export type RetrievalWork = [
  ...Question,
  mask: Uint8Array | undefined,
  out: Float32Array | undefined,
  potentials: Float64Array,
]

/** Kernels that take a memory: the addon has them with a handle in its place. */
interface HandleExports {
  /** Reads and checks a memory; what each kind takes is in handles.ts. */
  memory(kind: number, numbers: Float64Array, ...arrays: unknown[]): Handle
  localFields(memory: Handle, state: Uint32Array, out: Float64Array): void
  quadratics(memory: Handle, states: Uint32Array, count: number, out: Float64Array): void
  recall(...work: RecallWork): number
  recallAsync(...work: RecallWork): Promise<void>
  recallTraced(...work: RecallWork): KernelTrace
  quantizeKeys(memory: Handle, to: Uint8Array, from: number, end: number): void
  logits(...work: [...Question, out: Float64Array]): void
  associate(...work: [...Question, out: Float64Array]): void
  retrieve(...work: RetrievalWork): void
  retrieveAsync(...work: RetrievalWork): Promise<void>
  gradedSlopes(
    network: Handle,
    potentials: Float64Array,
    count: number,
    outputs: Float64Array,
    slopes: Float64Array,
  ): void
  gradedEnergies(network: Handle, outputs: Float64Array, count: number, out: Float64Array): void
  integrate(...work: IntegrationWork): void
  integrateAsync(...work: IntegrationWork): Promise<void>
  integrateTraced(...work: [...IntegrationWork, withStates: boolean]): IntegrationTrace
  bidirectional(...work: PairWork): void
  bidirectionalAsync(...work: PairWork): Promise<void>
  formWeights(memory: Handle, ...given: After<Kernels['formWeights']>): void
  connectionWeights(memory: Handle, ...given: After<Kernels['connectionWeights']>): number
  selfWeights(memory: Handle, ...given: After<Kernels['selfWeights']>): void
  recallCodes(...work: CodeWork): void
  recallCodesAsync(...work: CodeWork): Promise<void>
}

/** Kernels that the addon has as the contract does. */
export type PlainKernels = Omit<Kernels, keyof HandleExports | keyof Backend>

/** The same beside this thread. */
type BesideExports = { readonly [Name in keyof Beside as `${Name}Async`]: Beside[Name] }

/** What the addon exports: the kernels of one tier. */
export type TierExports = HandleExports & PlainKernels & BesideExports
