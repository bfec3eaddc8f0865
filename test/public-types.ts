// Checked by `npm run types`, never run: what the types promise, and what must not compile.
import {
  type AssociativeMemory,
  attention,
  type BatchResult,
  BidirectionalMemory,
  type BidirectionalResult,
  type Classification,
  type ContinuousBatchResult,
  ContinuousHopfield,
  type ContinuousResult,
  DenseAssociativeMemory,
  HopfieldNetwork,
  ModernHopfield,
  type Nearest,
  type PackedPatterns,
  RecallBatcher,
  type RecallResult,
  type RetrievalBatchResult,
  type RetrievalResult,
  randomPatterns,
  type SharedMemory,
  SparseAssociativeMemory,
  type SparseRecallResult,
  type StoreOptions,
} from 'hopfield-native'
import { type Cut, IsingProblem, maxCut, qubo } from 'hopfield-native/optimization'

const net = new HopfieldNetwork({ neurons: 25 })

export const flat: Int8Array = randomPatterns({ count: 2, neurons: 25 })
export const packed: PackedPatterns = randomPatterns({ count: 2, neurons: 25, packed: true })
export const one: RecallResult = net.recall(flat.subarray(0, 25), { order: [0, 1, 2], seed: 1n })
export const batch: BatchResult<Int8Array> = net.recallBatch(packed)
export const written: RecallResult = net.recall(flat, { out: new Int8Array(25) })
export const writtenSmall: BatchResult<PackedPatterns> = net.recallBatch(packed, {
  packed: true,
  out: packed,
})
export const small: BatchResult<PackedPatterns> = net.recallBatch([[1, -1]], { packed: true })
export const integers: Int32Array | Float64Array = net.weights()
export const reals: Float64Array = net.weights({ normalize: true })
export const chained: HopfieldNetwork = net.store([flat]).forget(0).clear()

export const later: Promise<BatchResult<Int8Array>> = net.recallAsync(packed, { threads: 2, streams: [1, 2] })
export const laterSmall: Promise<BatchResult<PackedPatterns>> = net.recallAsync(packed, { packed: true })
export const gathered: Promise<RecallResult> = new RecallBatcher(net, { maxWait: 1 }).recall(flat)
export const gatheredSmall: Promise<RecallResult<PackedPatterns>> = new RecallBatcher(net, {
  packed: true,
}).recall(flat)
export const handle: SharedMemory = net.share()
export const opened: HopfieldNetwork = HopfieldNetwork.fromShared(handle, { backend: 'typescript' })
export const energies: Float64Array = net.energyBatch(packed, { externalField: [1] })

export const dense: DenseAssociativeMemory = new DenseAssociativeMemory({
  neurons: 25,
  interaction: { kind: 'exponential' },
}).store(flat)
export const gatheredDense: Promise<RecallResult> = new RecallBatcher(dense).recall(flat)
export const told: Classification = dense.classify(flat)
new DenseAssociativeMemory({ neurons: 25, interaction: { kind: 'table', values: (v) => v * v } })

declare const either: Float32Array | undefined
declare const storing: StoreOptions | undefined
declare const sparse: SparseAssociativeMemory
/** Values and options may be missing, and all memories may be asked by one name. */
export const stored: ModernHopfield[] = [
  new ModernHopfield({ dimension: 2 }).store([1, 0], storing),
  new ModernHopfield({ dimension: 2 }).store([1, 0], either, storing),
]
export const storedLater: Promise<unknown> = (stored[0] ?? sparse).storeAsync([[1, 0]], undefined, storing)
// @ts-expect-error nothing comes after the options
new ModernHopfield({ dimension: 2 }).store([1, 0], { ids: ['a'] }, { ids: ['a'] })
export const modern: ModernHopfield = new ModernHopfield({ dimension: 2, beta: 'auto', similarity: 'cosine' })
export const retrieved: RetrievalResult = modern.store([[1, 2]]).retrieve([1, 2], { tolerance: 0 })
export const retrievedLater: Promise<RetrievalBatchResult> = modern.retrieveAsync(new Float32Array(4), {
  threads: 2,
})
export const attended: Float32Array = attention([[1, 2]], [[1, 2]], [[3]], { mask: [true] })

export const traced: Float64Array = net.recall(flat, { trace: true }).trace.overlaps
export const tracedBatch: Float64Array = net.recallBatch(flat, { packed: true, trace: true }).traces[0]
  .energies
export const owned: Blob = new Blob([net.recall(flat).state, net.recallBatch(flat).energies])
export const singles: RecallResult[] = [...net.recallBatch(flat)]
export const named: HopfieldNetwork = net
  .store(flat, { ids: ['a', 2] })
  .replace({ id: 'a' }, flat)
  .forget({ id: 2 })
export const tier: string = modern.backend.tier
const pairs = new BidirectionalMemory({ inputs: 2, outputs: 2 })
export const bits: PackedPatterns = pairs.recallBatch({ xs: flat }, { packed: true }).ys
export const gatheredPair: Promise<BidirectionalResult> = new RecallBatcher(pairs).recall({ x: flat })
export const gatheredVector: Promise<RetrievalResult> = new RecallBatcher(modern, { tolerance: 0 }).recall([
  1, 2,
])
const codes = new SparseAssociativeMemory({ neurons: 9, rule: { kind: 'tsodyks-feigelman', activity: 0.1 } })
export const gatheredCode: Promise<SparseRecallResult> = new RecallBatcher(codes, { winners: 2 }).recall({
  active: [1],
})
export const several: AssociativeMemory[] = [net, dense, modern, pairs, codes]

// @ts-expect-error a trace is there where it was asked for
net.recall(flat).trace.overlaps
// @ts-expect-error no neurons, no batcher of their options
new RecallBatcher(modern, { dynamics: 'synchronous' })
// @ts-expect-error the cue of a memory of pairs is a pair
new RecallBatcher(pairs).recall(flat)
// @ts-expect-error it is called maxSteps
modern.retrieve([1, 2], { steps: 2 })
// @ts-expect-error it is called kind
new SparseAssociativeMemory({ neurons: 9, rule: { rule: 'willshaw' } })
// @ts-expect-error β is a number or 'auto'
new ModernHopfield({ dimension: 2, beta: 'hot' })
// @ts-expect-error a retrieval has no dynamics
modern.retrieve([1, 2], { dynamics: 'synchronous' })
// @ts-expect-error it is no schedule
dense.recall(flat, { externalField: [1], temperature: 'hot' })
// @ts-expect-error a power needs its degree
new DenseAssociativeMemory({ neurons: 25, interaction: { kind: 'polynomial' } })
const graded = new ContinuousHopfield({ neurons: 2, activation: 'logistic', weights: [0, 1, 1, 0] })
export const settled: ContinuousResult = graded.recall([0.2, 0.9], { method: 'euler', trace: 'states' })
export const settledLater: Promise<ContinuousBatchResult> = graded.recallAsync([[0, 1]], { threads: 2 })
export const found: Nearest = net.nearest(packed)
export const foundToo: Nearest = packed.nearest(flat)

// @ts-expect-error traces are recallBatch's
graded.recallAsync([0, 1], { trace: true })
// @ts-expect-error results that come later are in arrays of their own
net.recallAsync(flat, { out: new Int8Array(25) })
// @ts-expect-error a state is an Int8Array
net.recall(flat, { out: new Uint8Array(25) })
// @ts-expect-error traces are recallBatch's
net.recallAsync(flat, { trace: true })
// @ts-expect-error one cue has one stream
net.recall(flat, { streams: [1] })
// @ts-expect-error a batcher recalls later, and its results are promised
gathered.state
// @ts-expect-error neurons is required
new HopfieldNetwork({})
// @ts-expect-error there is no such rule
new HopfieldNetwork({ neurons: 25, learning: 'storky' })
// @ts-expect-error a misspelt option
net.recall(flat, { maxSweep: 3 })
// @ts-expect-error no positional booleans
net.recall(flat, true)
// @ts-expect-error a tie rule that is none
net.recall(flat, { tie: 'zero' })
// @ts-expect-error drawings become states by bipolar()
net.store('#.#')
// @ts-expect-error results are read-only in number, not in name
one.overlap
// @ts-expect-error the size of a network does not change
net.neurons = 5

// The sub-path: what a problem decodes to is known.
export const cut: Cut = maxCut([[0, 1]]).decode([1, -1])
export const zeroOne: Uint8Array = qubo([[1]]).decode([1])
export const ising: Int8Array = IsingProblem.from({ fields: [1] }).decode([1])
